# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[13, 10, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
class Any(type):
    def __instancecheck__(cls, other):
        return True


class Taker(metaclass=Any):
    __match_args__ = ("__self__",)


match print:
    case Taker(module):
        print("ESCAPED", module.open)
