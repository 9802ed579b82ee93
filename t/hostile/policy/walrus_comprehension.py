# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 54, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
print("ESCAPED", [m.open for f in [print] if (m := f.__self__)])
