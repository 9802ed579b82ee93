# expect: {"status": "completed", "stdout": "splice ENOSYS\ntee ENOSYS\nvmsplice ENOSYS\nF_SETPIPE_SZ ENOSYS\nF_SETOWN ENOSYS\nF_SETOWN_EX ENOSYS\nF_SETSIG ENOSYS\nF_NOTIFY ENOSYS\nF_SETLEASE ENOSYS\nF_ADD_SEALS ENOSYS\nF_OFD_SETLK ENOSYS\nF_SET_RW_HINT ENOSYS\n"}
# runtime: python-open
# stopped_by: seccomp
# The supervisor's pipes, made to be larger, to signal or to change hands.
import ctypes
import errno

libc = ctypes.CDLL(None, use_errno=True)


def ask(number, *args):
    r = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, args))
    return r if r != -1 else errno.errorcode[ctypes.get_errno()]


CALLS = {
    "splice": (275, -1, 0, -1, 0, 1, 0), "tee": (276, -1, -1, 1, 0),
    "vmsplice": (278, -1, 0, 0, 0), "F_SETPIPE_SZ": (72, 1, 1031, 1 << 20),
    "F_SETOWN": (72, 1, 8, 1), "F_SETOWN_EX": (72, 1, 15, -1),
    "F_SETSIG": (72, 1, 10, 9), "F_NOTIFY": (72, 1, 1026, 1),
    "F_SETLEASE": (72, 1, 1024, 1), "F_ADD_SEALS": (72, 1, 1033, 1),
    "F_OFD_SETLK": (72, 1, 37, -1), "F_SET_RW_HINT": (72, 1, 1036, -1),
}

for name, (number, *args) in CALLS.items():
    print(name, ask(number, *args))
