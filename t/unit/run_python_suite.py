#!/usr/bin/python3
"""Runs the programs of t/python.

    run_python_suite.py DRIVER [NAME ...]
    run_python_suite.py http://127.0.0.1:8080 [NAME ...]

DRIVER is python_driver, which tries the Python runtime alone: no server and no
confinement are needed.  With an address the programs go to a real server.
Each program says in its first lines what must come of it:

    # expect: {"status": "completed", "stdout": "1\\n"}
    # stdin: "text"
    # args: ["a", "b"]
    # runtime: python-open
    # memory_mb: 64
    # only: driver

stdout, stderr, error, error_type and exit_code must be equal; what ends with
_has must be part of it (a string or a list of them), what ends with _hasnt
must not.  violations is the list of [line, column, part of the message],
violations_count how many there are.  What only the driver can run is something
that a cell forbids.
"""

import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PROGRAMS = os.path.join(ROOT, "t", "python")
PROFILES = os.path.join(ROOT, "conf", "runtimes.d")

DEADLINE = 60


def header(path):
    """The "# key: JSON" lines a program begins with."""
    found = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            key, colon, value = line[2:].partition(": ")
            if not line.startswith("# ") or not colon:
                break
            value = value.strip()
            found[key] = (value if key in ("runtime", "only")
                          else json.loads(value))
    if "expect" not in found:
        raise ValueError(f"{path} says nothing of what to expect")
    return found


def read_claim(path):
    claim = {"error": "", "error_type": "", "violations": []}
    with open(path, encoding="ascii") as file:
        for line in file:
            key, *rest = line.rstrip("\n").split(" ")
            if key == "exit_code":
                claim[key] = int(rest[0])
            elif key == "violation":
                text = bytes.fromhex(rest[-1]).decode()
                claim["violations"].append([int(rest[0]), int(rest[1]), text])
            else:
                claim[key] = bytes.fromhex(rest[0]).decode()
    return claim


def run(driver, path, said):
    profile = os.path.join(PROFILES, said.get("runtime", "python") + ".conf")
    with tempfile.TemporaryDirectory() as folder:
        claim = os.path.join(folder, "claim")
        command = [driver, "-o", claim]
        if "memory_mb" in said:
            command += ["-m", str(said["memory_mb"] << 20)]
        command += [profile, path, *said.get("args", [])]
        done = subprocess.run(
            command, input=said.get("stdin", "").encode(), timeout=DEADLINE,
            capture_output=True, cwd="/", env={})
        result = {
            "stdout": done.stdout.decode(errors="replace"),
            "stderr": done.stderr.decode(errors="replace"),
        }
        if done.returncode == 0:
            result.update(read_claim(claim))
            ok = result["exit_code"] == 0 and not result["error_type"]
            result["status"] = "completed" if ok else "failed"
        else:
            result["status"] = "failed"
            result["signal"] = done.returncode - 128
    return result


def post(url, path, said):
    """The same of a server, in the words that expectations have."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    # What is expected is no part of the program, and may be long.
    lines[:len(said)] = "#" * len(said)
    job = {"code": "\n".join(lines), "stdin": said.get("stdin", ""),
           "language": said.get("runtime", "python")}
    if "args" in said:
        job["args"] = said["args"]
    if "memory_mb" in said:
        job["memory_limit_mb"] = said["memory_mb"]
    request = urllib.request.Request(
        url + "/execute?wait=true", json.dumps(job).encode(),
        {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=DEADLINE) as answer:
            done = json.load(answer)
    except urllib.error.HTTPError as error:
        return {"status": str(error.code), "stderr": error.read().decode()}
    result = {key: "" if value is None else value
              for key, value in done["result"].items()}
    result["status"] = done["status"]
    result["violations"] = [[v["line"], v["column"], v["message"]]
                            for v in result["security_violations"]]
    return result


def violations_differ(expected, found):
    if len(expected) != len(found):
        return True
    return any(e[:2] != f[:2] or e[2] not in f[2]
               for e, f in zip(expected, found))


def problems(expect, result):
    for key, value in expect.items():
        if key == "violations":
            if violations_differ(value, result.get(key, [])):
                yield f"{key} are {result.get(key)}, not {value}"
            continue
        if key == "violations_count":
            if len(result.get("violations", [])) != value:
                yield f"there are {len(result.get('violations', []))} violations"
            continue
        name, _, how = key.rpartition("_")
        if how in ("has", "hasnt"):
            for part in [value] if isinstance(value, str) else value:
                if (part in result.get(name, "")) != (how == "has"):
                    yield f"{name} {how} {part!r}: {result.get(name)!r}"
        elif result.get(key) != value:
            yield f"{key} is {result.get(key)!r}, not {value!r}"
    if (result.get("violations") and "violations" not in expect
            and "violations_count" not in expect):
        yield f"there are violations: {result['violations']}"


def one(driver, name):
    path = os.path.join(PROGRAMS, name)
    said = header(path)
    if "only" in said and "://" in driver:
        return []
    try:
        result = (post if "://" in driver else run)(driver, path, said)
    except subprocess.TimeoutExpired:
        return [f"not done after {DEADLINE} s"]
    found = list(problems(said["expect"], result))
    if found and result.get("stderr") and "stderr" not in said["expect"]:
        found.append("stderr: " + result["stderr"])
    return found


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    driver = sys.argv[1]
    if "://" not in driver:
        driver = os.path.abspath(driver)
    names = sorted(n for n in os.listdir(PROGRAMS) if n.endswith(".py"))
    if sys.argv[2:]:
        names = [n for n in names if n in sys.argv[2:]]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(one, driver, name) for name in names]
        for name, job in zip(names, jobs):
            found = job.result()
            failed += bool(found)
            print("not ok" if found else "ok", name)
            for problem in found:
                print("#   " + problem.replace("\n", "\n#     "))
    print(f"{len(names)} programs, {failed} failed")
    sys.exit(1 if failed or not names else 0)


if __name__ == "__main__":
    main()
