# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 18, "'sys' of module 'enum' is not allowed"]]}
# stopped_by: policy
import enum
print("ESCAPED", enum.sys.modules["os"].getpid())
