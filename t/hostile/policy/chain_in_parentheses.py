# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[7, 19, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import json
print("ESCAPED", (json.dumps
                  # a comment
                  .
                  __globals__)["codecs"].builtins.open)
