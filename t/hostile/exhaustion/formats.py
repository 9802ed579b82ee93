# expect: {"status": "completed", "stdout": "9 errors\n", "exit_code": 0}
# memory_mb: 24
# stopped_by: rlimits
# Little text that asks for much.
import itertools
import random

errors = 0
for way in (lambda: "%1000000000d" % 1, lambda: f"{1:>{10 ** 9}}",
            lambda: "{:.999999999f}".format(1.0),
            lambda: ("a" * 10 ** 5).replace("a", "b" * 10 ** 5),
            lambda: list(itertools.permutations(range(12))),
            lambda: random.choices("ab", k=10 ** 8),
            lambda: ("\t" * 10 ** 5).expandtabs(10 ** 5),
            lambda: "x".center(10 ** 9), lambda: "x".zfill(10 ** 9)):
    try:
        way()
        print("ESCAPED")
    except (MemoryError, ValueError):
        errors += 1
print(errors, "errors")
