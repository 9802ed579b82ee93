# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 27, "attribute '__reduce_ex__' is not allowed"], [4, 47, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import copy
print("ESCAPED", object().__reduce_ex__(4)[0].__globals__)
