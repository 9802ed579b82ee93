# expect: {"status": "failed", "error_type": "ValueError", "error_has": "xxxxxxxx", "exit_code": 1, "stderr_has": "ValueError: xxxx", "stdout": "go\n"}
print("go")
raise ValueError("x" * 50_000_000)
