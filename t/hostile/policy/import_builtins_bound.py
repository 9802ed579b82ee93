# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[7, 18, "use of '__builtins__' is not allowed"]]}
# stopped_by: policy
def f(__builtins__):
    pass


print("ESCAPED", __builtins__["__import__"]("os", None, None, ["x"], 0))
