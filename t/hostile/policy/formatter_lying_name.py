# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[15, 18, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import json
import string


class Liar(str):
    def __iter__(self):
        return iter("0")

    def split(self, *args):
        return ["0"]


print("ESCAPED", string.Formatter().get_field(
    Liar("0.__glob" + "als__"), (json.dumps,), {})[0]["codecs"])
