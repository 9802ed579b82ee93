# expect: {"status": "completed", "stdout": "EAGAIN\n", "exit_code": 0}
# runtime: python-open
# stopped_by: rlimits
# Timers of the kernel's, each an object of its; 2000 at most.
import ctypes
import errno

libc = ctypes.CDLL(None, use_errno=True)
timer = ctypes.c_int()
for _ in range(2000):
    if libc.syscall(222, 1, None, ctypes.byref(timer)) == -1:
        print(errno.errorcode[ctypes.get_errno()])
        break
else:
    print("ESCAPED")
