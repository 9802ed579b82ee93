# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 16, "attribute '__self__' is not allowed"], [3, 35, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
def f(x: print.__self__) -> print.__self__:
    pass


print("ESCAPED", f.__annotations__["x"].open)
