# expect: {"status": "failed", "error_type": "KeyError", "stdout": "", "error_has": "'sys'"}
# stopped_by: policy
import typing

taken = []


def evaluate(self, space, local, guard):
    taken.append(space)
    return int


typing.ForwardRef._evaluate = evaluate


class C:
    __module__ = "typing"
    x: "int"


typing.get_type_hints(C)
print("ESCAPED", [s["sys"].modules["os"].getpid() for s in taken])
