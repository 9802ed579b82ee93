# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "module True\n", "violations": [[8, 24, "'codecs' of module 'json' is not allowed"]]}
# stopped_by: policy
import json
try:
    json.nothing
except AttributeError as e:
    print(type(e.obj).__name__, hasattr(e.obj, "dumps"))
    print("ESCAPED" if hasattr(e.obj, "codecs") else "")
