# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "error_has": "'codecs' of module 'json' is not allowed; allowed are its public names", "violations": [[3, 1, "'codecs' of module 'json'"]], "stderr_hasnt": "<runtime>"}
import json
json.codecs.builtins.open("/etc/passwd")
