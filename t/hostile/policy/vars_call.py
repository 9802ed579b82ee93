# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 18, "use of 'vars' without an argument is not allowed"]]}
# stopped_by: policy
print("ESCAPED", vars()["__builtins__"])
