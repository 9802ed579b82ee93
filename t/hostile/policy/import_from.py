# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 6, "import of 'os' is not allowed"]]}
# stopped_by: policy
from os import getpid
print("ESCAPED", getpid())
