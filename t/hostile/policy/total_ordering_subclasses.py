# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[5, 30, "attribute '__subclasses__' is not allowed"]]}
# stopped_by: policy
import functools
order = functools.cmp_to_key(lambda a, b: 0)
print("ESCAPED", type(order).__subclasses__())
