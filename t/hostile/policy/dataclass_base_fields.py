# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[19, 1, "import of 'os' is not allowed"]]}
# stopped_by: policy
import dataclasses


@dataclasses.dataclass(init=False, eq=False)
class Base:
    x: int = 1


for field in dataclasses.fields(Base):
    field.name = "x\"+str(print('ESCAPED', __import__('os').getpid()))#"


class C(Base):
    __module__ = "nowhere"


print(dataclasses.dataclass(C, init=False, eq=False)())
