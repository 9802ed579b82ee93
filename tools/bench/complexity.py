#!/usr/bin/python3
"""Measures the built-in analyzer on programs whose complexity is known.

    complexity.py FILE              with this Python
    complexity.py FILE URL          by POST URL of a server, in its cells

FILE has a JSON object a line, with "code" and "label": constant, logn, linear,
nlogn, quadratic, cubic or exponential.  An answer in O-notation counts for the
class next to it: several sizes are multiplied (n * m is quadratic), logarithms
beside powers from the square on do not matter.  "unknown" and an error are no
class and count as wrong.

    -v        tells each program that is wrong
    -s N M    only every N-th program, beginning with the M-th
"""

import argparse
import collections
import json
import os
import re
import sys
import time
import urllib.error
import urllib.request

CLASSES = ["constant", "logn", "linear", "nlogn", "quadratic", "cubic",
           "exponential"]
HERE = os.path.dirname(os.path.abspath(__file__))
RUNTIME = os.path.join(HERE, "../../sandbox_helper/runtimes/python")


def factor(text):
    """Of one factor: power, power of the logarithm, whether exponential."""
    if text.endswith("!") or re.match(r"^[\d.]+\^[a-zA-Z(]", text):
        return 0, 0, True
    if text.startswith("sqrt("):
        return 0.5, 0, False
    match = re.match(r"^log(?:\^(\d+))? (log )?(.*)$", text)
    if match:
        return 0, 0 if match[2] else int(match[1] or 1), False
    match = re.search(r"\^([\d.]+)$", text)
    if match:
        return float(match[1]), 0, False
    return (0, 0, False) if text in ("", "1") else (1, 0, False)


def term_class(term):
    power = log = 0
    logs = re.findall(r"\blog(?:\^\d+)? (?:log )?(?:\w+|\([^)]*\))", term)
    rest = re.sub(r"\blog(?:\^\d+)? (?:log )?(?:\w+|\([^)]*\))", "", term)
    for part in [p.strip() for p in rest.split(" * ")] + logs:
        p, l, exponential = factor(part)
        if exponential:
            return 6
        power, log = power + p, log + l
    if power >= 2.75:
        return 5
    if power >= 1.75:
        return 4
    if power > 1 or power == 1 and log:
        return 3
    if power > 0.5 or power == 0.5 and log > 1:
        return 2
    return 1 if power or log else 0


def class_of(answer):
    """The class of what is within O(...), or None."""
    match = re.match(r"^O\((.*)\)$", answer or "")
    if not match:
        return None
    return max(term_class(t) for t in match[1].split(" + "))


def here():
    sys.path.insert(0, RUNTIME)
    sys.dont_write_bytecode = True
    from analyze.main import report
    return lambda code: json.loads(report(code))


def there(url):
    def ask(code):
        request = urllib.request.Request(
            url, json.dumps({"code": code}).encode(),
            {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return json.load(response)
        except urllib.error.HTTPError as e:
            # Longer than coderemote_max_code, say: as good as unknown.
            return {"time_complexity": None, "error": f"{e.code} {e.reason}"}
    return ask


def show_matrix(counts):
    names = CLASSES + ["unknown"]
    print(f"{'label':12}" + "".join(f"{n[:9]:>10}" for n in names))
    for i, label in enumerate(CLASSES):
        row = [counts[i, j] for j in range(7)] + [counts[i, None]]
        print(f"{label:12}" + "".join(f"{n or '.':>10}" for n in row))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("url", nargs="?")
    parser.add_argument("-v", action="store_true")
    parser.add_argument("-s", nargs=2, type=int, default=(1, 0))
    args = parser.parse_args()
    ask = there(args.url) if args.url else here()
    with open(args.file) as f:
        programs = [(i, json.loads(line)) for i, line in enumerate(f)]
    programs = [p for p in programs if p[0] % args.s[0] == args.s[1]]
    counts, slowest, whole = collections.Counter(), (0, 0), 0
    for i, program in programs:
        start = time.perf_counter()
        answer = ask(program["code"])
        took = time.perf_counter() - start
        whole += took
        slowest = max(slowest, (took, i))
        label = CLASSES.index(program["label"])
        shown = answer.get("time_complexity")
        got = class_of(shown)
        counts[label, got] += 1
        if args.v and got != label:
            print(f"{i:4} {program['label']:12} {shown or answer['error']}")
    n = len(programs)
    exact = sum(counts[i, i] for i in range(7))
    near = sum(v for (a, b), v in counts.items()
               if b is not None and abs(a - b) <= 1)
    lost = sum(v for (a, b), v in counts.items() if b is None)
    show_matrix(counts)
    print(f"programs {n}, exact {100 * exact / n:.1f} %, within one class "
          f"{100 * near / n:.1f} %, unknown {100 * lost / n:.1f} %")
    print(f"time: {1e3 * whole / n:.1f} ms each, at most "
          f"{1e3 * slowest[0]:.1f} ms (program {slowest[1]})")


main()
