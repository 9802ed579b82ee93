# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[5, 29, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import json
match json.dumps:
    case object(__globals__=space):
        print("ESCAPED", space["codecs"].builtins.open)
