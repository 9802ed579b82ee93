# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 1, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
delattr(print, "__se" + "lf__")
print("ESCAPED", getattr(print, "__se" + "lf__"))
