# expect: {"status": "failed", "error_type": "AttributeError", "stdout": "", "error_has": "'attribute' object has no attribute '__get__'"}
# stopped_by: policy
import functools
import json


class Box:
    taken = functools.cached_property(
        vars(type(json.dumps))["__globals__"].__get__)


print("ESCAPED", Box.taken.func(json.dumps)["codecs"].builtins.open)
