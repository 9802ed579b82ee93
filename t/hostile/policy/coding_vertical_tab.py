# expect: {"status": "failed", "error_type": "SyntaxError", "stdout": "", "error_has": "invalid non-printable character U+000B (line 3, column 7)"}
# bounded_by: Python's own compiler
x = 1 
import os
