# expect: {"status": "failed", "stdout": "before\n", "exit_code": 134}
# runtime: python-open
# bounded_by: a cell is its own process and used once
# An init cannot die of its own SIGABRT; a shell calls it 134 all the same.
import os

print("before")
os.abort()
