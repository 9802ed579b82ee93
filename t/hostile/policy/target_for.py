# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[11, 7, "attribute '__code__' is not allowed"], [11, 22, "attribute '__code__' is not allowed"]]}
# stopped_by: policy
def f():
    return "ESCAPED"


def g():
    return "no"


for g.__code__ in [f.__code__]:
    print(g())
