# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 18, "use of '__build_class__' is not allowed"], [3, 34, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
print("ESCAPED", __build_class__.__self__.open)
