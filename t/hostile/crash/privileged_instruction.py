# expect: {"status": "failed", "signal": "SIGSEGV", "stdout": "before\n"}
# runtime: python-open
# bounded_by: a cell is its own process and used once
# hlt, which halts a processor for its kernel alone.
import ctypes

libc = ctypes.CDLL(None)
start = ctypes.cast(libc.abort, ctypes.c_void_p).value
at = ctypes.string_at(start, 1 << 19).index(b"\xf4")
print("before")
ctypes.CFUNCTYPE(None)(start + at)()
