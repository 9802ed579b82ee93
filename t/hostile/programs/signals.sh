# expect: {"status": "failed", "signal": "SIGTERM", "error": "killed by SIGTERM", "exit_code": null, "stdout": "before\n"}
# bounded_by: its own end is its own
echo before
kill -TERM $$
echo ESCAPED
