# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 8, "attribute 'gi_frame' is not allowed"], [3, 17, "attribute 'f_back' is not allowed"], [3, 24, "attribute 'f_back' is not allowed"], [4, 21, "attribute 'f_globals' is not allowed"]]}
# stopped_by: policy
g = (g.gi_frame.f_back.f_back for _ in [1])
print("ESCAPED", [f.f_globals for f in g])
