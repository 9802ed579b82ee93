# expect: {"status": "failed", "error_type": "ValueError", "exit_code": 1, "error": "20000"}
# runtime: python-open
# bounded_by: a report is cut
# Twenty thousand errors, each the cause of the next.
error = None
for i in range(20_001):
    new = ValueError(str(i))
    new.__context__ = error
    error = new
raise error
