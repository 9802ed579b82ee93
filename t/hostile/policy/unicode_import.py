# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 8, "import of 'os' is not allowed"]]}
# stopped_by: policy
import 𝓸s
print("ESCAPED", os.getpid())
