# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[7, 7, "attribute '__builtins__' is not allowed"]]}
# stopped_by: policy
def f():
    pass


del f.__builtins__["open"]
print("ESCAPED")
