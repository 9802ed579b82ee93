# expect: {"status": "failed", "error_type": "AttributeError", "stdout": "", "error_has": "'attribute' object has no attribute '__set__'"}
# stopped_by: policy
import json
descriptor = vars(type(json.dumps))["__code__"]
descriptor.__set__(json.dumps, descriptor.__get__(json.loads))
print("ESCAPED", json.dumps("1"))
