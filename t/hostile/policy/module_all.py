# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[5, 1, "'codecs' of module 'json' is not allowed"]]}
# stopped_by: policy
import json
json.__all__.append("codecs")
from json import *
print("ESCAPED", codecs)
