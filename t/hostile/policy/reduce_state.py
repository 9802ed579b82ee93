# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[12, 1, "attribute '__code__' is not allowed"]]}
# stopped_by: policy
import copy
import json


class Reduced:
    def __reduce_ex__(self, protocol):
        return (lambda: json.dumps), (), (None, {"__code__": 1})


copy.copy(Reduced())
print("ESCAPED")
