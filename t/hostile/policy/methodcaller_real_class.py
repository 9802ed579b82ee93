# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[5, 22, "attribute '__subclasses__' is not allowed"]]}
# stopped_by: policy
import operator
real = type(operator.methodcaller("real"))
print("ESCAPED", len(real("__sub" + "classes__")(object)) > 100)
