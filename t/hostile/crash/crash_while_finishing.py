# expect: {"status": "failed", "stdout": "before\n", "signal": "SIGSEGV"}
# runtime: python-open
# bounded_by: a cell is its own process and used once
# In the last good-bye of an object.
import ctypes


class Last:
    def __del__(self, last=ctypes.string_at):
        last(0)


kept = Last()
print("before")
