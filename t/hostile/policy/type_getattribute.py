# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[5, 22, "attribute '__subclasses__' is not allowed"]]}
# stopped_by: policy
import json
get = vars(type)["__getattribute__"]
print("ESCAPED", len(get(object, "__sub" + "classes__")()) > 100)
