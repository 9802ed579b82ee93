# expect: {"status": "failed", "error_type": "AttributeError", "stdout": "", "error_has": "'attribute' object has no attribute '__get__'"}
# stopped_by: policy
import json
take = property(vars(type(json.dumps))["__globals__"].__get__)
print("ESCAPED", take.__get__(json.dumps)["codecs"].builtins.open)
