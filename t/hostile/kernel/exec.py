# expect: {"status": "completed", "stdout": "execve EPERM\nexecveat EPERM\nfexecve EPERM\nuselib ENOSYS\n"}
# runtime: python-open
# stopped_by: seccomp
# Another program in place of this one, at a bad address.
import ctypes
import errno

libc = ctypes.CDLL(None, use_errno=True)


def ask(number, *args):
    r = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, args))
    return r if r != -1 else errno.errorcode[ctypes.get_errno()]


CALLS = {
    "execve": (59, -1, 0, 0), "execveat": (322, -1, -1, 0, 0, 0x1000),
    "fexecve": (322, 0, -1, -1, -1, 0), "uselib": (134, -1),
}

for name, (number, *args) in CALLS.items():
    print(name, ask(number, *args))
