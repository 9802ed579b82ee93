# expect: {"status": "failed", "error_type": "KeyError", "stdout": "", "error_has": "'__get__'"}
# stopped_by: policy
import functools
import json

descriptor = vars(type(json.dumps))["__globals__"]
get = vars(type(descriptor))["__get__"]
print("ESCAPED", get(descriptor, json.dumps)["codecs"].builtins.open)
