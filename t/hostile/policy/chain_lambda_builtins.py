# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 20, "attribute '__builtins__' is not allowed"], [4, 44, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
f = lambda: 0
print("ESCAPED", f.__builtins__["open"], f.__globals__)
