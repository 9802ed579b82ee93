# expect: {"status": "failed", "signal_in": ["SIGSEGV", "SIGABRT", "SIGILL", "SIGBUS"], "stdout": "before\n"}
# runtime: python-open
# bounded_by: a cell is its own process and used once
# The stack of the thread that runs, down from its highest word.
import ctypes

libc = ctypes.CDLL(None)
libc.pthread_self.restype = ctypes.c_void_p
top = ctypes.c_void_p.in_dll(libc, "__libc_stack_end").value
print("before", flush=True)
ctypes.memset(top - 65536, 0x41, 65536)
print("ESCAPED")
