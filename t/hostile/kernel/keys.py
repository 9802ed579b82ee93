# expect: {"status": "completed", "stdout": "keyctl EPERM\nkeyctl join EPERM\nadd_key EPERM\nrequest_key EPERM\n"}
# runtime: python-open
# stopped_by: seccomp
# Keyrings, which uids share.
import ctypes
import errno

libc = ctypes.CDLL(None, use_errno=True)


def ask(number, *args):
    r = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, args))
    return r if r != -1 else errno.errorcode[ctypes.get_errno()]


CALLS = {
    "keyctl": (250, -1, 0, 0, 0, 0), "keyctl join": (250, 1, 0, 0, 0, 0),
    "add_key": (248, -1, -1, 0, 0, 0), "request_key": (249, -1, -1, 0, 0),
}

for name, (number, *args) in CALLS.items():
    print(name, ask(number, *args))
