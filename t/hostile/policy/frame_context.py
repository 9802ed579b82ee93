# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[9, 36, "attribute '__traceback__' is not allowed"], [9, 50, "attribute 'tb_frame' is not allowed"], [9, 59, "attribute 'f_builtins' is not allowed"]]}
# stopped_by: policy
try:
    try:
        1 / 0
    finally:
        [][0]
except IndexError as e:
    print("ESCAPED", e.__context__.__traceback__.tb_frame.f_builtins)
