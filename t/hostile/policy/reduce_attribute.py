# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[12, 18, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import copy
import json


class Reduced:
    def __reduce_ex__(self, protocol):
        return getattr, (json.dumps, "__glob" + "als__")


print("ESCAPED", copy.copy(Reduced())["codecs"].builtins.open)
