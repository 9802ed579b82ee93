# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 18, "use of 'eval' is not allowed"]]}
# stopped_by: policy
print("ESCAPED", eval("().__class__"))
