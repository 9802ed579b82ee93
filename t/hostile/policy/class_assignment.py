# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[9, 20, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
class C:
    pass


f = C()
f.__class__ = type(print)
print("ESCAPED", f.__self__)
