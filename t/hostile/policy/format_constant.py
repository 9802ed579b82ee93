# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 7, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import json
print("ESCAPED {0.__globals__[codecs].builtins.open}".format(json.dumps))
