# expect: {"status": "failed", "error_type": "AttributeError", "stdout": "", "error_has": "'attribute' object has no attribute '__get__'"}
# stopped_by: policy
import json
globals_of = type(json.dumps).__dict__["__globals__"]
print("ESCAPED", globals_of.__get__(json.dumps)["codecs"].builtins.open)
