# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[5, 35, "attribute '__reduce__' is not allowed"], [5, 58, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
import csv
reader = csv.reader(["a"])
print("ESCAPED", reader.__class__.__reduce__, csv.reader.__self__)
