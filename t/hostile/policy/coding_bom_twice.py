# expect: {"status": "failed", "error_type": "SyntaxError", "stdout": "", "error_has": "invalid non-printable character U+FEFF (line 3, column 1)"}
# bounded_by: Python's own compiler
﻿﻿import os
print("ESCAPED", os)
