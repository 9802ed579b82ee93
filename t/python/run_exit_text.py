# expect: {"status": "failed", "stdout": "", "stderr": "sorry\n", "exit_code": 1, "error_type": "", "error": ""}
quit("sorry")
