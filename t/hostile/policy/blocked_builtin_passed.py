# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 12, "use of 'compile' is not allowed"]]}
# stopped_by: policy
print(*map(compile, ["print('ESCAPED')"], ["x"], ["exec"]))
