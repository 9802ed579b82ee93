# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 18, "'codecs' of module 'json' is not allowed"]]}
# stopped_by: policy
import json
print("ESCAPED", json.__getattr__("codecs"))
