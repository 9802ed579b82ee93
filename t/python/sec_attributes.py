# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[2, 14, "attribute '__bases__' is not allowed"], [2, 27, "attribute '__subclasses__'"], [3, 15, "attribute '__globals__'"], [4, 3, "attribute '__code__'"], [6, 6, "attribute '__closure__'"], [7, 17, "attribute 'gi_frame'"], [7, 26, "attribute 'f_back'"], [11, 16, "attribute '__traceback__'"], [11, 30, "attribute 'tb_frame'"], [11, 39, "attribute 'f_globals'"], [12, 5, "attribute '__self__'"]]}
().__class__.__bases__[0].__subclasses__()
(lambda: 0) . __globals__
f.__code__ = 1
(f
    .__closure__)
(x for x in ()).gi_frame.f_back
try:
    1 / 0
except ZeroDivisionError as e:
    print(e   .__traceback__.tb_frame.f_globals)
len.__self__
