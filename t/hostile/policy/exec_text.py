# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 1, "use of 'exec' is not allowed"]]}
# stopped_by: policy
exec("print('ESCAPED')")
