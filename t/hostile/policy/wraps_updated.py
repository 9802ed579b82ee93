# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[12, 9, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import functools
import json


class Taker:
    def __init__(self):
        vars(self)["__glob" + "als__"] = self.space = {}


taker = functools.update_wrapper(Taker(), json.dumps, assigned=[],
                                 updated=["__glob" + "als__"])
print("ESCAPED", taker.space["codecs"].builtins.open)
