# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 32, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import json
print(f"ESCAPED {1:{json.dumps.__globals__['__name__']}}")
