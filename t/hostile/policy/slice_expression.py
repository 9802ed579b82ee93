# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 29, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
print("ESCAPED", [1, 2][len.__self__.len([]):])
