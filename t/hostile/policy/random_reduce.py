# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 34, "attribute '__reduce__' is not allowed"], [4, 50, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import random
print("ESCAPED", random.Random().__reduce__()[0].__globals__)
