# expect: {"status": "failed", "stdout": "", "exit_code": 1, "stderr": "  File \"main.py\", line 3\n    return x\n    ^^^^^^^^\nSyntaxError: 'return' outside function\n", "error_type": "SyntaxError", "error": "'return' outside function (line 3, column 1)"}
x = 1
return x
