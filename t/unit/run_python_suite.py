#!/usr/bin/python3
"""Runs the programs of t/python with the Python runtime alone.

    run_python_suite.py DRIVER [NAME ...]

DRIVER is python_driver: no server and no confinement are needed, so this is
the quick way to try the runtime; the same programs are sent to a real server
by the suite of t/.  Each program says in its first lines what must come of it:

    # expect: {"status": "completed", "stdout": "1\\n"}
    # stdin: "text"
    # args: ["a", "b"]
    # runtime: python-open
    # memory_mb: 64

stdout, stderr, error, error_type and exit_code must be equal; what ends with
_has must be part of it (a string or a list of them), what ends with _hasnt
must not.  violations is the list of [line, column, part of the message],
violations_count how many there are.
"""

import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile

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
            found[key] = value if key == "runtime" else json.loads(value)
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


def violations_differ(expected, found):
    if len(expected) != len(found):
        return True
    return any(e[:2] != f[:2] or e[2] not in f[2]
               for e, f in zip(expected, found))


def problems(expect, result):
    for key, value in expect.items():
        if key == "violations":
            if violations_differ(value, result[key]):
                yield f"{key} are {result[key]}, not {value}"
            continue
        if key == "violations_count":
            if len(result["violations"]) != value:
                yield f"there are {len(result['violations'])} violations"
            continue
        name, _, how = key.rpartition("_")
        if how in ("has", "hasnt"):
            for part in [value] if isinstance(value, str) else value:
                if (part in result[name]) != (how == "has"):
                    yield f"{name} {how} {part!r}: {result[name]!r}"
        elif result.get(key) != value:
            yield f"{key} is {result.get(key)!r}, not {value!r}"
    if (result.get("violations") and "violations" not in expect
            and "violations_count" not in expect):
        yield f"there are violations: {result['violations']}"


def one(driver, name):
    path = os.path.join(PROGRAMS, name)
    said = header(path)
    try:
        result = run(driver, path, said)
    except subprocess.TimeoutExpired:
        return [f"not done after {DEADLINE} s"]
    found = list(problems(said["expect"], result))
    if found and result["stderr"] and "stderr" not in said["expect"]:
        found.append("stderr: " + result["stderr"])
    return found


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    driver = os.path.abspath(sys.argv[1])
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
