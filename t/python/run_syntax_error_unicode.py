# expect: {"status": "failed", "stderr": "  File \"main.py\", line 2\n    x = [\"ü\", 1 2]\n              ^^^\nSyntaxError: invalid syntax. Perhaps you forgot a comma?\n", "error_type": "SyntaxError", "error": "invalid syntax. Perhaps you forgot a comma? (line 2, column 11)", "exit_code": 1, "stdout": ""}
x = ["ü", 1 2]
