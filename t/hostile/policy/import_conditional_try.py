# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 12, "import of 'os' is not allowed"]]}
# stopped_by: policy
try:
    import os
except SecurityError:
    pass
print("ESCAPED", os)
