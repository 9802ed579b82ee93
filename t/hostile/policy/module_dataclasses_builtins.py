# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 18, "'builtins' of module 'dataclasses' is not allowed"]]}
# stopped_by: policy
import dataclasses
print("ESCAPED", dataclasses.builtins.exec, dataclasses.inspect)
