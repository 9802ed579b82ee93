# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 18, "use of '__import__' is not allowed"]]}
# stopped_by: policy
print("ESCAPED", __import__("os") if 1 else 0)
