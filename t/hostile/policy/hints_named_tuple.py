# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[6, 7, "import of 'os' is not allowed"]]}
# stopped_by: policy
import typing
Point = typing.NamedTuple("Point", [
    ("x", "print('ESCAPED', __import__('os')) or int")])
print(typing.get_type_hints(Point))
