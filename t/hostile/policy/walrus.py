# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 31, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
print("ESCAPED", (f := print).__self__.open)
