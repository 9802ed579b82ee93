# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 18, "'functools' of module 'typing' is not allowed"]]}
# stopped_by: policy
import typing
print("ESCAPED", typing.functools.WRAPPER_ASSIGNMENTS, typing.sys)
