# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[12, 1, "import of 'os' is not allowed"]]}
# stopped_by: policy
import dataclasses


class C:
    __module__ = "nowhere"
    __annotations__ = {
        "x\"+str(print('ESCAPED', __import__('os').getpid()))#": int}


print(dataclasses.dataclass(C, init=False, eq=False)())
