# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[10, 7, "import of 'os' is not allowed"]]}
# stopped_by: policy
import typing


def f(x: "print('ESCAPED', __import__('os').getpid()) or int"):
    pass


print(typing.get_type_hints(f, globalns={}))
