# expect: {"status": "failed", "error_type": "SyntaxError", "stdout": "", "error_has": "'(' was never closed (line 4, column 6)"}
# bounded_by: Python's own compiler
import os
print("ESCAPED"
