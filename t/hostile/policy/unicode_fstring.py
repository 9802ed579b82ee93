# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 24, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
print(f"ESCAPED {print.__ｓelf__}")
