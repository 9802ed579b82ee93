# expect: {"status": "failed", "error_type": "SecurityError", "violations_count": 1, "stdout": ""}
# stopped_by: policy
# open() under a source policy.
open("/tmp/x", "w")
