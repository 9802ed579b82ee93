# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 33, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
x = "#"; print("ESCAPED", print.__self__)  # ' "
