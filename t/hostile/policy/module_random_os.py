# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 18, "'_os' of module 'random' is not allowed"]]}
# stopped_by: policy
import random
print("ESCAPED", random._os.getpid(), random._urandom(4))
