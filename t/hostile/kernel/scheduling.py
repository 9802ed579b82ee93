# expect: {"status": "completed", "stdout": "sched_setaffinity EPERM\nsched_setscheduler EPERM\nsched_setparam EPERM\nsched_setattr EPERM\nsetpriority EPERM\nioprio_set ENOSYS\nsetrlimit ENOSYS\nprlimit64 of another ENOSYS\nmlock ENOSYS\nmlock2 ENOSYS\nmlockall ENOSYS\n"}
# runtime: python-open
# stopped_by: seccomp
# More of the processors or of memory than others get.
import ctypes
import errno

libc = ctypes.CDLL(None, use_errno=True)


def ask(number, *args):
    r = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, args))
    return r if r != -1 else errno.errorcode[ctypes.get_errno()]


CALLS = {
    "sched_setaffinity": (203, 0, 0, 0), "sched_setscheduler": (144, 0, 0, 0),
    "sched_setparam": (142, 0, 0), "sched_setattr": (314, 0, 0, 0),
    "setpriority": (141, 0, 0, 19), "ioprio_set": (251, 1, 0, 0x6007),
    "setrlimit": (160, 7, 0), "prlimit64 of another": (302, 1, 7, 0, 0),
    "mlock": (149, 0, 0), "mlock2": (325, 0, 0, 0), "mlockall": (151, 0),
}

for name, (number, *args) in CALLS.items():
    print(name, ask(number, *args))
