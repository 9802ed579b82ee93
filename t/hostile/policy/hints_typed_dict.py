# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[6, 7, "import of 'os' is not allowed"]]}
# stopped_by: policy
import typing
Movie = typing.TypedDict("Movie", {
    "x": "print('ESCAPED', __import__('os').getpid()) or int"})
print(typing.get_type_hints(Movie))
