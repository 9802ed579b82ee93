# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 18, "use of 'globals' is not allowed"]]}
# stopped_by: policy
print("ESCAPED", globals()["__builtins__"])
