# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[5, 18, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import json
import string
print("ESCAPED", string.Formatter().get_field(
    "0.__glob" + "als__", (json.dumps,), {})[0]["codecs"].builtins.open)
