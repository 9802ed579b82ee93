# expect: {"status": "failed", "signal_in": ["SIGSEGV", "SIGABRT"], "stdout": "before\n"}
# runtime: python-open
# bounded_by: a cell is its own process and used once
# Python's own functions, called without its lock.
import ctypes

print("before", flush=True)
ctypes.CDLL(None).PyRun_SimpleString(b"print('ESCAPED')")
print("ESCAPED")
