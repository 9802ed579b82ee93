# expect: {"status": "failed", "stdout": "", "exit_code": 1, "stderr": "  File \"main.py\", line 3\n    print(1\n         ^\nSyntaxError: '(' was never closed\n", "error_type": "SyntaxError", "error": "'(' was never closed (line 3, column 6)"}
print("never")
print(1
