# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 37, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import random
print("ESCAPED", random.Random.seed.__globals__["_os"].getpid())
