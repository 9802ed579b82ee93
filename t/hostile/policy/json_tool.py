# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[6, 33, "attribute '__globals__' is not allowed"]]}
# stdin: "[1]"
# stopped_by: policy
import json.tool
json.tool.main()
print("ESCAPED", json.tool.main.__globals__["argparse"])
