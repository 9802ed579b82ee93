# expect: {"status": "failed", "error_type": "IndexError", "stdout": "", "error_has": "list index out of range"}
# stopped_by: policy
import typing

taken = []


def evaluate(self, space, local, guard):
    taken.extend((space, local))
    return int


typing.ForwardRef._evaluate = evaluate


class C:
    __module__ = "typing"
    x: "int"


typing.get_type_hints(C)
spaces = [s for s in taken if "sys" in s]
print("ESCAPED", spaces[0]["sys"].modules["os"].getpid())
