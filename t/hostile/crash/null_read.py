# expect: {"status": "failed", "stdout": "before\n", "signal": "SIGSEGV", "error": "killed by SIGSEGV", "error_type": "", "exit_code": null}
# runtime: python-open
# bounded_by: a cell is its own process and used once
import ctypes

print("before")
ctypes.string_at(0)
print("ESCAPED")
