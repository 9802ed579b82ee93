# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[13, 10, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import abc
import json


class Taker(abc.ABC):
    __match_args__ = ("__glob" + "als__",)


Taker.register(type(json.dumps))
match json.dumps:
    case Taker(space):
        print("ESCAPED", space["codecs"].builtins.open)
