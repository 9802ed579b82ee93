# expect: {"status": "failed", "signal": "SIGILL", "stdout": "before\n"}
# runtime: python-open
# bounded_by: a cell is its own process and used once
# The bytes of one that there is none of, found in libc's code.
import ctypes

libc = ctypes.CDLL(None)
start = ctypes.cast(libc.abort, ctypes.c_void_p).value
at = ctypes.string_at(start, 1 << 19).index(b"\x0f\x0b")
print("before")
ctypes.CFUNCTYPE(None)(start + at)()
