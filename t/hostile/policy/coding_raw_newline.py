# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 8, "import of 'os' is not allowed"]]}
# stopped_by: policy
# a comment import os
print("ESCAPED", os.getpid())
