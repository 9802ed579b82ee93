-- expect: {"status": "completed", "stdout": "hello\n", "stderr": "", "exit_code": 0, "error": null, "error_type": null}
print("hello")
