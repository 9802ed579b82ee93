# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[5, 7, "import of 'os' is not allowed"]]}
# stopped_by: policy
import typing
reference = typing.ForwardRef("print('ESCAPED', __import__('os')) or int")
print(reference._evaluate({}, {}, frozenset()))
