# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[5, 1, "'_sys' of module 'collections' is not allowed"]]}
# stopped_by: policy
import collections
collections.__all__ = ["_sys"]
from collections import *
print("ESCAPED", _sys)
