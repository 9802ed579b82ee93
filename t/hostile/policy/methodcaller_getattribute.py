# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 8, "attribute '__getattribute__' is not allowed"]]}
# stopped_by: policy
import operator
call = operator.methodcaller("__getattr" + "ibute__", "__se" + "lf__")
print("ESCAPED", call(print).open)
