# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 42, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
print("ESCAPED", exit.__class__.__call__.__globals__["sys"].modules)
