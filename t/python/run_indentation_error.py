# expect: {"status": "failed", "stderr_has": ["  File \"main.py\", line 3\n    print(1)\n    ^", "IndentationError: expected an indented block after 'if' statement on line 2\n"], "error_type": "IndentationError", "error": "expected an indented block after 'if' statement on line 2 (line 3, column 1)"}
if True:
print(1)
