# expect: {"status": "completed", "stdout": "12 errors\n"}
# runtime: python-open
# bounded_by: the interpreter counts how deep it is
# Deep in Python and in C, as an error that can be caught.
import ast
import copy
import json
import pickle
import re

deep = []
deep_too = []
for _ in range(100_000):
    deep = [deep]
    deep_too = [deep_too]


class Asked:
    def __getattr__(self, name):
        return getattr(self, name + "x")


class Compared:
    def __eq__(self, other):
        return self == other


def f():
    return f()


ways = [f, lambda: repr(deep), lambda: json.dumps(deep),
        lambda: json.loads("[" * 100_000), lambda: pickle.dumps(deep),
        lambda: copy.deepcopy(deep), lambda: deep == deep_too,
        lambda: Asked().name, lambda: Compared() == 1,
        lambda: re.compile("(" * 20_000 + ")" * 20_000),
        lambda: eval("(" * 100_000), lambda: ast.literal_eval("-" * 50_000)]
errors = 0
for way in ways:
    try:
        way()
        print("ESCAPED", way)
    except (RecursionError, SyntaxError, MemoryError):
        errors += 1
print(errors, "errors")
