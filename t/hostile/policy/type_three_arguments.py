# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 53, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
C = type("C", (), {"f": property(lambda self: print.__self__)})
print("ESCAPED", C().f.open)
