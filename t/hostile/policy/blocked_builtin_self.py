# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 18, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
print("ESCAPED", getattr(max, "__se" + "lf__"))
