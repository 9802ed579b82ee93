# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[12, 23, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import functools
import json


class Taker:
    pass


functools.update_wrapper.__defaults__ = (("__glob" + "als__",), ())
print("ESCAPED", vars(functools.update_wrapper(Taker(), json.dumps)))
