# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 9, "use of '__build_class__' is not allowed"], [6, 9, "use of '__loader__' is not allowed"]]}
# stopped_by: policy
class C:
    f = __build_class__
    g = __name__
    h = __loader__


print("ESCAPED", C.f, C.h)
