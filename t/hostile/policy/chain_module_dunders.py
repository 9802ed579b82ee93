# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 23, "attribute '__loader__' is not allowed"], [4, 40, "attribute '__spec__' is not allowed"], [4, 62, "attribute '__builtins__' is not allowed"]]}
# stopped_by: policy
import json
print("ESCAPED", json.__loader__, json.__spec__.loader, json.__builtins__)
