# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 18, "'sys' of module 'json.tool' is not allowed"]]}
# stopped_by: policy
import json.tool
print("ESCAPED", json.tool.sys, json.tool.argparse)
