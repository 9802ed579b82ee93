# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[14, 10, "attribute 'gi_frame' is not allowed"]]}
# stopped_by: policy
import dataclasses


class Any(type):
    def __instancecheck__(cls, other):
        return True


Taker = dataclasses.make_dataclass("Taker", ["gi_fr" + "ame"])
Taker = Any("Taker", (), {"__match_args__": Taker.__match_args__})
match (i for i in [1]):
    case Taker(frame):
        print("ESCAPED", frame)
