# expect: {"status": "failed", "error_type": "AttributeError", "stdout": "", "error_has": "'generator' object has no attribute '__module__'"}
# stopped_by: policy
import typing


class Any(type):
    def __instancecheck__(cls, other):
        return True


class Taker(metaclass=Any):
    __match_args__ = ("gi_fr" + "ame",)


alias = type(typing.List[int])((i for i in [1]), int)
match alias:
    case Taker(frame):
        print("ESCAPED", frame)
