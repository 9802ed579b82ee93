# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[6, 42, "attribute '__traceback__' is not allowed"], [6, 56, "attribute 'tb_frame' is not allowed"]]}
# stopped_by: policy
try:
    raise ExceptionGroup("g", [ValueError(1)])
except* ValueError as group:
    print("ESCAPED", group.exceptions[0].__traceback__.tb_frame)
