# expect: {"status": "completed", "stdout_like": "^input\\nchanged \\[\\]\\ntoken \\d+\\n$", "stderr": "", "exit_code": 0}
# stdin: "input\n"
# What a program finds that comes after a hostile one.
import collections
import functools
import json
import math
import random
import re
import string

print(input())

changed = [name for name, right in (
    ("len", len("abc") == 3),
    ("sorted", sorted([2, 1]) == [1, 2]),
    ("isinstance", isinstance(1, int) and not isinstance(1, str)),
    ("print", type(print) is type(len) and print.__module__ == "builtins"),
    ("json", json.loads(json.dumps({"a": [1]})) == {"a": [1]}),
    ("math", math.sqrt(4) == 2 and abs(math.pi - 3.14159) < 1e-4),
    ("re", re.sub("b+", "c", "abba") == "aca"),
    ("string", string.digits == "0123456789"),
    ("collections", collections.Counter("aab")["a"] == 2),
    ("functools", functools.reduce(max, [1, 3, 2]) == 3),
    ("main", sorted(n for n in dir() if n[0] != "_")
             == sorted("collections functools json math random re "
                       "string".split())),
    ("modules", not any(hasattr(m, "hostile") for m in (
        json, math, random, re, string, collections, functools))),
) if not right]

print("changed", changed)
print("token", random.getrandbits(120))
