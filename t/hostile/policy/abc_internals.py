# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 18, "'_get_dump' of module 'abc' is not allowed"]]}
# stopped_by: policy
import abc
print("ESCAPED", abc._get_dump(abc.ABC))
