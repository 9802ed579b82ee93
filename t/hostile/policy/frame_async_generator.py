# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[7, 22, "attribute 'ag_frame' is not allowed"], [7, 31, "attribute 'f_builtins' is not allowed"]]}
# stopped_by: policy
async def g():
    yield


print("ESCAPED", g().ag_frame.f_builtins)
