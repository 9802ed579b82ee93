# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 7, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import json
print(str.format("ESCAPED {0.__glob" + "als__[codecs]}", json.dumps))
