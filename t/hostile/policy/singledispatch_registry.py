# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[5, 37, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
import functools
f = functools.singledispatch(print)
print("ESCAPED", f.registry[object].__self__)
