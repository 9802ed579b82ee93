# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 18, "'dispatch_table' of module 'copy' is not allowed"]]}
# stopped_by: policy
import copy
print("ESCAPED", copy.dispatch_table)
