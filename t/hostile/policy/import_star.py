# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 6, "import of 'sys' is not allowed"]]}
# stopped_by: policy
from sys import *
print("ESCAPED", modules)
