# expect: {"status": "failed", "error_type": "AttributeError", "stdout": "", "error_has": "module 'copy' has no attribute 'copyreg'"}
# stopped_by: policy
import copy
print("ESCAPED", copy.copyreg, copy.dispatch_table)
