# expect: {"status": "completed", "stdout": "socketpair EPERM\nconnect EPERM\nbind EPERM\nlisten EPERM\naccept EPERM\naccept4 EPERM\nsendto EPERM\nrecvfrom EPERM\nsendmsg EPERM\nrecvmsg EPERM\nsendmmsg ENOSYS\nrecvmmsg ENOSYS\nshutdown ENOSYS\ngetsockname ENOSYS\ngetpeername ENOSYS\nsetsockopt ENOSYS\ngetsockopt ENOSYS\n"}
# runtime: python-open
# stopped_by: seccomp
# What would be done with a socket, on a descriptor that there is not.
import ctypes
import errno

libc = ctypes.CDLL(None, use_errno=True)


def ask(number, *args):
    r = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, args))
    return r if r != -1 else errno.errorcode[ctypes.get_errno()]


CALLS = {
    "socketpair": (53, 1, 1, 0, 0), "connect": (42, -1, 0, 0),
    "bind": (49, -1, 0, 0), "listen": (50, -1, 0), "accept": (43, -1, 0, 0),
    "accept4": (288, -1, 0, 0, 0), "sendto": (44, -1, 0, 0, 0, 0, 0),
    "recvfrom": (45, -1, 0, 0, 0, 0, 0), "sendmsg": (46, -1, 0, 0),
    "recvmsg": (47, -1, 0, 0), "sendmmsg": (307, -1, 0, 0, 0),
    "recvmmsg": (299, -1, 0, 0, 0, 0), "shutdown": (48, -1, 0),
    "getsockname": (51, -1, 0, 0), "getpeername": (52, -1, 0, 0),
    "setsockopt": (54, -1, 0, 0, 0, 0), "getsockopt": (55, -1, 0, 0, 0, 0),
}

for name, (number, *args) in CALLS.items():
    print(name, ask(number, *args))
