# expect: {"status": "failed", "signal": "SIGSEGV", "stdout": "before\n"}
# runtime: python-open
# bounded_by: a cell is its own process and used once
# The interpreter's code taken away beneath it.
import ctypes

libc = ctypes.CDLL(None)
code = ctypes.cast(ctypes.pythonapi.PyObject_Call, ctypes.c_void_p).value
print("before", flush=True)
libc.munmap(ctypes.c_void_p((code & ~0xfff) - (1 << 20)),
            ctypes.c_size_t(2 << 20))
print("ESCAPED")
