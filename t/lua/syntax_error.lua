-- expect: {"status": "failed", "stdout": "", "error_type": "SyntaxError", "error": "main.lua:4: unexpected symbol near 'then'", "stderr": "lua: main.lua:4: unexpected symbol near 'then'\n", "exit_code": 1}
print("never")

if then
