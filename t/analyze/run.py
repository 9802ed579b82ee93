#!/usr/bin/python3
"""Analyzes the programs of programs.txt and tells each answer in a line.

    run.py RUNTIME FILE

RUNTIME is the folder that has analyze/.  A line is a JSON object: name, what
is expected (time, space), and the answer.
"""

import json
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])

from analyze.main import report  # noqa: E402


def programs(path):
    head, lines = None, []
    with open(path) as f:
        for line in f:
            if line.startswith("== "):
                if head:
                    yield head, "".join(lines)
                head, lines = [w.strip() for w in line[3:].split("|")], []
            else:
                lines.append(line)
    yield head, "".join(lines)


for (name, time, space), code in programs(sys.argv[2]):
    print(json.dumps({"name": name, "time": time, "space": space,
                      "code": code, "answer": json.loads(report(code))}))
