# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[18, 1, "import of 'os' is not allowed"]]}
# stopped_by: policy
import functools


class Call:
    __annotations__ = {"x": "print('ESCAPED', __import__('os')) or int"}

    def __call__(self, x):
        pass


@functools.singledispatch
def f(x):
    pass


f.register(Call())
print("registered")
