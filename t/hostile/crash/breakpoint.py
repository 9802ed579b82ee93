# expect: {"status": "failed", "signal": "SIGTRAP", "stdout": "before\n"}
# runtime: python-open
# bounded_by: a cell is its own process and used once
import ctypes

libc = ctypes.CDLL(None)
start = ctypes.cast(libc.abort, ctypes.c_void_p).value
at = ctypes.string_at(start, 1 << 19).index(b"\xcc")
print("before")
ctypes.CFUNCTYPE(None)(start + at)()
