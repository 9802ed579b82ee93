# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[6, 24, "attribute '__traceback__' is not allowed"], [6, 38, "attribute 'tb_frame' is not allowed"], [6, 47, "attribute 'f_back' is not allowed"]]}
# stopped_by: policy
try:
    getattr(print, "__se" + "lf__")
except BaseException as e:
    print("ESCAPED", e.__traceback__.tb_frame.f_back)
