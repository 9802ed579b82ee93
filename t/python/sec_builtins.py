# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[2, 7, "use of 'eval' is not allowed"], [3, 1, "use of 'exec'"], [4, 5, "use of '__import__'"], [5, 6, "use of 'open'"], [6, 5, "use of 'compile'"], [7, 9, "use of 'globals'"], [7, 20, "use of 'locals'"], [8, 5, "use of '__builtins__'"], [9, 8, "use of 'eval'"], [10, 8, "use of 'eval'"]]}
print(eval("1"))
exec("x = 1")
x = __import__("os")
with open("/etc/passwd") as f: pass
y = compile("1", "", "eval")
print(  globals(), locals())
z = __builtins__
w = f"{eval('1')}"
"ü" or eval("1")
