# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[15, 18, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import functools
import json


class Name(str):
    pass


name = Name("__glob" + "als__")
take = functools.cached_property(
    functools.partial(vars(object)["__getattribute__"], json.dumps))
take.attrname = "taken"
print("ESCAPED", take.__get__(name)["codecs"].builtins.open)
