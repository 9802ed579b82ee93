# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[5, 49, "attribute '__subclasses__' is not allowed"]]}
# stopped_by: policy
import abc
import collections.abc
print("ESCAPED", collections.abc.MutableMapping.__subclasses__())
