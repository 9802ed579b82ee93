# expect: {"status": "completed", "stdout": "setuid EPERM\nsetgid EPERM\nsetreuid EPERM\nsetregid EPERM\nsetresuid EPERM\nsetresgid EPERM\nsetgroups EPERM\nsetfsuid ENOSYS\nsetfsgid ENOSYS\nsetsid EPERM\nsetpgid EPERM\ncapset EPERM\ncapget ENOSYS\npersonality EPERM\n"}
# runtime: python-open
# stopped_by: seccomp
# Becoming another, or what one is already.
import ctypes
import errno
import os

libc = ctypes.CDLL(None, use_errno=True)


def ask(number, *args):
    r = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, args))
    return r if r != -1 else errno.errorcode[ctypes.get_errno()]


uid, gid = os.getuid(), os.getgid()

CALLS = {
    "setuid": (105, uid), "setgid": (106, gid), "setreuid": (113, uid, uid),
    "setregid": (114, gid, gid), "setresuid": (117, -1, -1, -1),
    "setresgid": (119, -1, -1, -1), "setgroups": (116, -1, 0),
    "setfsuid": (122, -1), "setfsgid": (123, -1), "setsid": (112,),
    "setpgid": (109, -1, 0), "capset": (126, 0, 0), "capget": (125, 0, 0),
    "personality": (135, 0xffffffff),
}

for name, (number, *args) in CALLS.items():
    print(name, ask(number, *args))
