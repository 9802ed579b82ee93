# expect: {"status": "failed", "exit_code": 5, "stdout": "before\n"}
# runtime: python-open
# bounded_by: a cell is its own process and used once
# While the first thread waits for it.
import ctypes
import threading

print("before")
thread = threading.Thread(target=ctypes.CDLL(None).exit, args=(5,))
thread.start()
thread.join()
threading.Event().wait()
