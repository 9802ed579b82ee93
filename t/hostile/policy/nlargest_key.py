# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[18, 63, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import functools
import heapq
import json
get = functools.partial(vars(object)["__getattribute__"], json.dumps)


class Key:
    def __init__(self, value):
        self.value = value

    def __lt__(self, other):
        print("ESCAPED", self.value["codecs"])
        return True


heapq.nlargest(1, ["__glob" + "als__"] * 3, key=lambda n: Key(get(n)))
