# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 32, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
print("ESCAPED", print._﹍self_﹍.open)
