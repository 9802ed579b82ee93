# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[7, 3, "attribute '__code__' is not allowed"], [7, 39, "attribute '__code__' is not allowed"]]}
# stopped_by: policy
def f():
    pass


f.__code__: int = (lambda: "ESCAPED").__code__
print(f())
