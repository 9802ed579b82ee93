# expect: {"status": "failed", "stdout": "a\n", "stderr": "", "exit_code": 3, "error_type": "", "error": ""}
print("a")
raise SystemExit(259)
