# expect: {"status": "completed", "stdout": "a\n", "exit_code": 0, "stderr": ""}
print("a")
exit()
print("b")
