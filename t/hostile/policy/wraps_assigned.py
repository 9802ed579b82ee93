# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[11, 9, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import functools
import json


class Taker:
    pass


taker = functools.update_wrapper(Taker(), json.dumps,
                                 assigned=["__glob" + "als__"], updated=[])
print("ESCAPED", vars(taker)["__globals__"]["codecs"].builtins.open)
