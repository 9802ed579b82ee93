# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[5, 18, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import json
get = super(type(json.dumps), json.dumps).__getattribute__
print("ESCAPED", get("__glob" + "als__")["codecs"].builtins.open)
