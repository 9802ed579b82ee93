# expect: {"status": "failed", "stdout": "before\n", "signal_in": ["SIGABRT", "SIGSEGV"]}
# runtime: python-open
# bounded_by: a cell is its own process and used once
import os

print("before")
os.abort()
