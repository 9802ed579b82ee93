# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 15, "import of 'os' is not allowed"]]}
# stopped_by: policy
x = 1; import os; print("ESCAPED", os)
