# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 18, "'codecs' of module 'json' is not allowed"]]}
# stopped_by: policy
import json
print("ESCAPED", json.codecs.open("/usr/lib/python3.11/os.py").read(10))
