# expect: {"status": "failed", "error_type": "UnicodeEncodeError", "stdout": "before\n", "exit_code": 1}
# runtime: python-open
# bounded_by: texts are checked for UTF-8
print("before")
print("\ud800")
