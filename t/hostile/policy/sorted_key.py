# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 50, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
print("ESCAPED", sorted([print], key=lambda f: f.__self__.id(f)))
