# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 1, "made up"]]}
# stopped_by: policy
raise SecurityError("made up")
