# expect: {"status": "completed", "stdout": "2 errors\n", "exit_code": 0}
# memory_mb: 64
# bounded_by: what a pattern may ask for is bounded
# Patterns that are too much themselves.
import re

errors = 0
for pattern in ("x{4294967296}", "(" * 20_000 + ")" * 20_000):
    try:
        re.compile(pattern)
        print("ESCAPED")
    except (OverflowError, RecursionError, MemoryError):
        errors += 1
print(errors, "errors")
