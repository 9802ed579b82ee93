# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[7, 3, "attribute '__globals__' is not allowed"], [8, 20, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
def f():
    pass


f.__globals__ |= {"__builtins__": {}}
print("ESCAPED", f.__globals__)
