# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[11, 16, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import json

taken = []


class Taker:
    @taken.append
    def __getattribute__(self, name):
        return object.__getattribute__(self, name)


print("ESCAPED", taken[0](json.dumps,
                          "__glob" + "als__")["codecs"].builtins.open)
