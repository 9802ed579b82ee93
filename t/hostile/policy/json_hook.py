# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[5, 47, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
import json
print("ESCAPED", json.loads('{"a": 1}',
                            object_hook=print.__self__.exec))
