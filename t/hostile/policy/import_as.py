# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 19, "import of 'os' is not allowed"]]}
# stopped_by: policy
import math as m, os as path
print("ESCAPED", path.getpid())
