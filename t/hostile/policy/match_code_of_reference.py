# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[16, 10, "attribute '__forward_code__' is not allowed"]]}
# stopped_by: policy
import typing


class Any(type):
    def __instancecheck__(cls, other):
        return True


class Taker(metaclass=Any):
    __match_args__ = ("__forward_" + "code__",)


match typing.ForwardRef("1"):
    case Taker(code):
        f = type(lambda: 0)(code.replace(co_filename="/usr/lib"), {})
        print("ESCAPED", f())
