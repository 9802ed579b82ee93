# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[7, 1, "use of '__builtins__' is not allowed"], [8, 18, "use of '__builtins__' is not allowed"]]}
# stopped_by: policy
def getattr(*args):
    return object


__builtins__["getattr"] = getattr
print("ESCAPED", __builtins__)
