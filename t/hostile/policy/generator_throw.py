# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[7, 28, "attribute '__traceback__' is not allowed"], [7, 42, "attribute 'tb_frame' is not allowed"], [7, 51, "attribute 'f_back' is not allowed"]]}
# stopped_by: policy
def g():
    try:
        yield
    except ValueError as e:
        print("ESCAPED", e.__traceback__.tb_frame.f_back)


i = g()
next(i)
i.throw(ValueError)
