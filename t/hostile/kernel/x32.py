# expect: {"status": "failed", "stdout": "before\n", "signal": "SIGSYS", "error": "killed by SIGSYS", "error_type": ""}
# runtime: python-open
# stopped_by: seccomp
# getpid of another architecture's table: whoever tries has no good in mind.
import ctypes
import errno

libc = ctypes.CDLL(None, use_errno=True)


def ask(number, *args):
    r = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, args))
    return r if r != -1 else errno.errorcode[ctypes.get_errno()]


print("before", flush=True)
print("ESCAPED", ask(0x40000000 | 39))
