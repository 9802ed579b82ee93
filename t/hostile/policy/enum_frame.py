# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[9, 11, "attribute 'gi_frame' is not allowed"]]}
# stopped_by: policy
import enum


class E(enum.Enum):
    _ignore_ = ["g"]
    g = (i for i in [1])
    f = g.gi_frame


print("ESCAPED", E.f.value)
