# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[7, 3, "attribute '__code__' is not allowed"], [7, 16, "attribute '__code__' is not allowed"]]}
# stopped_by: policy
def f():
    return 1


f.__code__ = f.__code__.replace(co_consts=(None, "ESCAPED"))
print(f())
