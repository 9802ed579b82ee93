# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[11, 18, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import json


class Spy:
    def __format__(self, spec):
        return spec


print("ESCAPED", ("{0:{1.__glob" + "als__[codecs]}}").format(
    Spy(), json.dumps))
