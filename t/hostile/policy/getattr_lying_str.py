# expect: {"status": "failed", "error_type": "AttributeError", "stdout": "", "error_has": "'function' object has no attribute 'real'"}
# stopped_by: policy
import json


class Liar(str):
    def __hash__(self):
        return hash("__glob" + "als__")

    def __eq__(self, other):
        return True


print("ESCAPED", getattr(json.dumps, Liar("real"))["codecs"].builtins.open)
