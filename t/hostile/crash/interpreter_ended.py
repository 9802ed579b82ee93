# expect: {"status": "failed", "signal_in": ["SIGSEGV", "SIGABRT"], "stdout": "before\n"}
# runtime: python-open
# bounded_by: a cell is its own process and used once
# Python is ended beneath the program that it runs.
import ctypes

print("before", flush=True)
ctypes.pythonapi.Py_FinalizeEx()
print("after")
ctypes.string_at(0)
