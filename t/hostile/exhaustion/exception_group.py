# expect: {"status": "failed", "exit_code": 1, "error_type": "ExceptionGroup"}
# runtime: python-open
# bounded_by: a report is cut
# Groups within groups, as wide as deep.
group = ExceptionGroup("g", [ValueError("v" * 10_000)] * 100)
for _ in range(4):
    group = ExceptionGroup("g" * 1000, [group, group])
raise group
