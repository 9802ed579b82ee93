# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[11, 1, "import of 'os' is not allowed"]]}
# stopped_by: policy
import typing
T = typing.TypeVar("T", bound="print('ESCAPED', __import__('os')) or int")


def f(x: T):
    pass


T.__bound__._evaluate({}, {}, frozenset())
