# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 5, "import of 'os' is not allowed"]]}
# stopped_by: policy
import \
    os
print("ESCAPED", os)
