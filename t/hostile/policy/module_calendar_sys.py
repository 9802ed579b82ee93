# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 60, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import calendar
print("ESCAPED", calendar.sys.modules["os"], calendar.main.__globals__)
