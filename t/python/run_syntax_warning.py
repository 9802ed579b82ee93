# expect: {"status": "completed", "stdout": "True\n", "exit_code": 0, "stderr": "main.py:3: SyntaxWarning: \"is\" with a literal. Did you mean \"==\"?\n  print(x is 1)\n"}
x = 1
print(x is 1)
