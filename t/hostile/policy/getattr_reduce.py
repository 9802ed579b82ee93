# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[5, 22, "attribute '__base__' is not allowed"]]}
# stopped_by: policy
import functools
names = ["__cla" + "ss__", "__ba" + "se__", "__sub" + "classes__"]
print("ESCAPED", len(functools.reduce(getattr, names, 1)()) > 100)
