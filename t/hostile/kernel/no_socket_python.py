# expect: {"status": "failed", "stdout": "", "error_type": "SecurityError", "violations_count": 1}
# stopped_by: policy
# The same under a source policy ends before it begins.
import socket
print("ESCAPED", socket.socket())
