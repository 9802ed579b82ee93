# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 21, "use of 'compile' is not allowed"]]}
# stopped_by: policy
f = type(lambda: 0)(compile("print('ESCAPED')", "x", "exec"), {})
f()
