# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[5, 18, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import json
import operator
print("ESCAPED", operator.attrgetter("__glob" + "als__")(json.dumps)["codecs"])
