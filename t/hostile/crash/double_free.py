# expect: {"status": "failed", "exit_code": 134, "stdout": "before\n", "stderr_has": "free(): double free detected"}
# runtime: python-open
# bounded_by: a cell is its own process and used once
import ctypes

libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
print("before")
p = ctypes.c_void_p(libc.malloc(64))
libc.free(p)
libc.free(p)
