# expect: {"status": "completed", "stdout_truncated": true, "stdout_min": 1048576, "stdout_max": 1048576, "exit_code": 0}
# bounded_by: output beyond its limit is read and forgotten
# Two million bytes, and no end of a line.
for _ in range(200_000):
    print("abcdefghij", end="")
