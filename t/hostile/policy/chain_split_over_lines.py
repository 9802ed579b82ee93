# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[5, 7, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import json
print("ESCAPED", json.dumps. \
      __globals__["codecs"].builtins.open)
