# expect: {"status": "failed", "error_type": "IndentationError", "stdout": "", "error_has": "unexpected indent (line 4, column 1)"}
# stopped_by: policy
# a comment  import os
print("ESCAPED", os.getpid())
