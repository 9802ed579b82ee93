# expect: {"status": "failed", "stdout": "before\n", "signal": "SIGSEGV"}
# runtime: python-open
# bounded_by: data is not executable
# Machine code that exits with 42, in memory that no program can make code.
import ctypes

code = ctypes.create_string_buffer(
    b"\xbf\x2a\x00\x00\x00\xb8\xe7\x00\x00\x00\x0f\x05")
print("before")
ctypes.CFUNCTYPE(None)(ctypes.addressof(code))()
