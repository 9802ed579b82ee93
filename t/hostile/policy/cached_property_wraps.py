# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[6, 32, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import functools
import json
f = functools.lru_cache(json.dumps)
print("ESCAPED", f.__wrapped__.__globals__)
