# expect: {"status": "failed", "error_type": "SyntaxError", "stdout": "", "error_has": "'(' was never closed (line 4, column 6)"}
# stopped_by: policy
import os
print("ESCAPED"
