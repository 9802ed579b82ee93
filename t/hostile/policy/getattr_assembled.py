# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 18, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import json
print("ESCAPED", getattr(json.dumps, "__glob" + "als__")["codecs"])
