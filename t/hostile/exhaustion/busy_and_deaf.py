# expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout": "", "cpu_time_ms_max": 9000}
# runtime: python-open
# timeout: 1
# bounded_by: the time limit is kept outside of the cell
# 32 threads in C code without Python's lock.
import hashlib
import threading

for _ in range(32):
    threading.Thread(target=hashlib.pbkdf2_hmac,
                     args=("sha256", b"a", b"b", 2 ** 31 - 1)).start()
