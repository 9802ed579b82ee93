# runtime: python-open
# expect: {"status": "failed", "error_type": "NameError", "exit_code": 1, "stdout": "a\n"}
import builtins
print("a")
del builtins.print, builtins.len, builtins.str, builtins.repr, builtins.isinstance
print("b")
