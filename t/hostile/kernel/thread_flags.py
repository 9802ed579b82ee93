# expect: {"status": "completed", "stdout": "32 refused\n"}
# runtime: python-open
# stopped_by: seccomp
# clone with a thread's flags and one bit more or less.  CLONE_SIGHAND without
# CLONE_VM, or CLONE_THREAD without CLONE_SIGHAND, would be EINVAL.
import ctypes
import errno

libc = ctypes.CDLL(None, use_errno=True)


def ask(number, *args):
    r = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, args))
    return r if r != -1 else errno.errorcode[ctypes.get_errno()]


THREAD = 0x3d0f00
VM, SIGHAND, SETTLS = 0x100, 0x800, 0x80000

refused = 0
for bit in range(32):
    flags = (THREAD ^ 1 << bit) & ~VM | SIGHAND
    answer = ask(56, flags)
    if answer == "EPERM":
        refused += 1
    else:
        print("ESCAPED", hex(flags), answer)
print(refused, "refused")
