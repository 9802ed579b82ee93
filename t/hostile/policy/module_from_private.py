# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 24, "'sys' of module 'statistics' is not allowed"]]}
# stopped_by: policy
from statistics import sys as s
print("ESCAPED", s.modules)
