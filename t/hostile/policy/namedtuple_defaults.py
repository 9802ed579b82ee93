# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "os T(a=1)\n", "violations": [[6, 18, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import collections
T = collections.namedtuple("T", "a", defaults=[1], module="os")
print(T.__module__, T())
print("ESCAPED", getattr(T.__new__, "__glob" + "als__"))
