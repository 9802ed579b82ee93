# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 6, "import of '.' is not allowed"]]}
# stopped_by: policy
from . import os
print("ESCAPED", os)
