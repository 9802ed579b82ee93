# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 18, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
import operator
print("ESCAPED", operator.call(operator.attrgetter, "__se" + "lf__")(print))
