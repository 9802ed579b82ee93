# expect: {"status": "completed", "stdout_truncated": true, "stdout_min": 349525, "stdout_max": 349526, "exit_code": 0, "stdout_hasnt": "\ufffd\u20ac"}
# bounded_by: output beyond its limit is read and forgotten
# Cut in the middle of a character, perhaps.
print("€" * 600_000)
