# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[7, 20, "attribute '__code__' is not allowed"], [7, 54, "attribute '__code__' is not allowed"]]}
# stopped_by: policy
def f():
    pass


*f.__defaults__, f.__code__ = 1, (lambda: "ESCAPED").__code__
print(f())
