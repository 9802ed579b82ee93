# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[12, 7, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import json
import operator


class Liar(str):
    def split(self, *args):
        return []


get = operator.attrgetter(Liar("__glob" + "als__"))
print("ESCAPED", get(json.dumps)["codecs"].builtins.open)
