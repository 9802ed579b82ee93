# expect: {"status": "failed", "error_type": "AttributeError", "stdout": "", "error_has": "'attribute' object has no attribute '__get__'"}
# stopped_by: policy
import dataclasses


@dataclasses.dataclass
class C:
    x: object = dataclasses.field(default_factory=lambda: vars(
        type(print))["__self__"].__get__(print))


print("ESCAPED", C().x.open)
