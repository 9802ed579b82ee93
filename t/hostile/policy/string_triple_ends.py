# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 30, "import of 'os' is not allowed"]]}
# stopped_by: policy
x = """a\""" ""\""""; import os
print("ESCAPED", os)
