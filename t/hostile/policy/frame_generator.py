# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[7, 22, "attribute 'gi_frame' is not allowed"], [7, 31, "attribute 'f_back' is not allowed"], [7, 43, "attribute 'gi_frame' is not allowed"], [7, 52, "attribute 'f_builtins' is not allowed"]]}
# stopped_by: policy
def g():
    yield


print("ESCAPED", g().gi_frame.f_back, g().gi_frame.f_builtins)
