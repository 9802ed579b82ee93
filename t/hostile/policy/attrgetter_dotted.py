# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 18, "attribute '__base__' is not allowed"]]}
# stopped_by: policy
import operator
print("ESCAPED", operator.attrgetter("__class__.__ba" + "se__.__sub"
                                     "classes__")(1)())
