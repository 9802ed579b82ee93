# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 11, "import of 'os' is not allowed"]]}
# stopped_by: policy
x = "a\
"; import os; y = "\
"
print("ESCAPED", os)
