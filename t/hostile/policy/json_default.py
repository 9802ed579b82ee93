# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[11, 16, "attribute '__objclass__' is not allowed"], [11, 29, "attribute '__subclasses__' is not allowed"]]}
# stopped_by: policy
import json


class C:
    pass


print("ESCAPED", json.dumps(C(), default=lambda c: str(
    c.__init__.__objclass__.__subclasses__())))
