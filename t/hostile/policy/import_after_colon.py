# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 17, "import of 'os' is not allowed"]]}
# stopped_by: policy
if True: import os
print("ESCAPED", os)
