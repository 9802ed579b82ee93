# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 18, "'scanner' of module 'json.decoder' is not allowed"]]}
# stopped_by: policy
import json.decoder
print("ESCAPED", json.decoder.scanner.re._compiler)
