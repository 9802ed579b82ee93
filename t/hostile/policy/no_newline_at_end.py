# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 24, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
print("ESCAPED", print.__self__)
