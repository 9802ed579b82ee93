# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[5, 12, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import json
print(f"""ESCAPED {
json.dumps.__globals__["codecs"].builtins.open
}""")
