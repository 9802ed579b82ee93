# expect: {"status": "failed", "stdout": "", "error_type": "TimeoutError", "timed_out": true}
# runtime: python-open
# timeout: 1
# bounded_by: the time limit is kept outside of the cell
# A fault that is handled by going back to it.
import ctypes
import signal

signal.signal(signal.SIGSEGV, lambda *_: None)
ctypes.string_at(0)
