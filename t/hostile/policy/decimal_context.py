# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 37, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
import decimal
print("ESCAPED", decimal.getcontext.__self__)
