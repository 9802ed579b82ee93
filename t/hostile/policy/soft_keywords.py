# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 7, "attribute '__self__' is not allowed"], [5, 28, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
match = case = type = print
match.__self__
print("ESCAPED", case(type.__self__))
