# expect: {"status": "failed", "error_type": "KeyError", "stdout": "", "error_has": "'codecs'"}
# stopped_by: policy
import json
print("ESCAPED", json.__dict__["codecs"])
