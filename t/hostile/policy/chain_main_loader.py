# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 18, "use of '__loader__' is not allowed"], [3, 30, "use of '__spec__' is not allowed"], [3, 40, "use of '__builtins__' is not allowed"]]}
# stopped_by: policy
print("ESCAPED", __loader__, __spec__, __builtins__)
