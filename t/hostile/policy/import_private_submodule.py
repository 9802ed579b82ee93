# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 8, "import of 're._compiler' is not allowed"]]}
# stopped_by: policy
import re._compiler
print("ESCAPED", re._compiler._sre)
