# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[8, 16, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import json


class Taker:
    def __getattribute__(self, name):
        return object.__getattribute__(self, name)


take = vars(Taker)["__getattribute__"]
print("ESCAPED", take(json.dumps, "__glob" + "als__")["codecs"].builtins.open)
