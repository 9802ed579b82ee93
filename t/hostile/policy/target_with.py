# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[15, 18, "attribute '__builtins__' is not allowed"], [16, 13, "attribute '__builtins__' is not allowed"]]}
# stopped_by: policy
class Give:
    def __enter__(self):
        return "ESCAPED"

    def __exit__(self, *args):
        pass


def f():
    pass


with Give() as f.__builtins__:
    print(f.__builtins__)
