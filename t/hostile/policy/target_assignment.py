# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[11, 3, "attribute '__code__' is not allowed"], [11, 16, "attribute '__code__' is not allowed"]]}
# stopped_by: policy
def f():
    return "ESCAPED"


def g():
    return "no"


g.__code__ = f.__code__
print(g())
