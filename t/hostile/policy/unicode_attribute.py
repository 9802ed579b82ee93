# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 29, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import json
print("ESCAPED", json.dumps.__𝓰lobals__["codecs"].builtins.open)
