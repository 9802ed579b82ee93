# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[11, 29, "attribute '__code__' is not allowed"]]}
# stopped_by: policy
def f():
    return "ESCAPED"


def g():
    return "no"


setattr(g, "__co" + "de__", getattr(f, "__co" + "de__"))
print(g())
