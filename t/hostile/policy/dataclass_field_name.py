# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[19, 1, "import of 'os' is not allowed"]]}
# stopped_by: policy
import dataclasses


class Liar(dataclasses.Field):
    __slots__ = ()
    name = property(
        lambda self: "x\"+str(print('ESCAPED', __import__('os').getpid()))#",
        lambda self, name: None)


class C:
    __module__ = "nowhere"
    x: int = Liar(dataclasses.MISSING, dataclasses.MISSING, True, True, None,
                  True, {}, False)


print(dataclasses.dataclass(C, init=False, eq=False)())
