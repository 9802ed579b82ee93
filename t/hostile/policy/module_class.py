# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 29, "attribute '__getattribute__' is not allowed"]]}
# stopped_by: policy
import json
print("ESCAPED", type(json).__getattribute__(json, "codecs"))
