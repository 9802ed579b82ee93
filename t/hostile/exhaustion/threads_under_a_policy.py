# expect: {"status": "failed", "error_type": "SecurityError", "violations_count": 1, "stdout": ""}
# stopped_by: policy
import threading
threading.Thread(target=print).start()
