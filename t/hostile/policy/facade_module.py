# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 18, "'_sys' of module 'collections'"]]}
# stopped_by: policy
import collections
print("ESCAPED", collections._sys.modules["os"].getpid())
