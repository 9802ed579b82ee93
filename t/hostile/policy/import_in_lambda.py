# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 10, "use of '__import__' is not allowed"]]}
# stopped_by: policy
(lambda: __import__("os"))()
print("ESCAPED")
