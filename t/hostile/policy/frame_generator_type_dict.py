# expect: {"status": "failed", "error_type": "AttributeError", "stdout": "", "error_has": "'attribute' object has no attribute '__get__'"}
# stopped_by: policy
def g():
    yield


frame = vars(type(g()))["gi_frame"].__get__(g())
print("ESCAPED", vars(type(frame))["f_builtins"].__get__(frame)["open"])
