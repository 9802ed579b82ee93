# expect: {"status": "completed", "stdout": "syslog EPERM\nreboot EPERM\nsethostname EPERM\nsetdomainname ENOSYS\nsettimeofday EPERM\nclock_settime EPERM\nadjtimex ENOSYS\nclock_adjtime ENOSYS\nacct ENOSYS\niopl EPERM\nioperm EPERM\nvhangup ENOSYS\nnfsservctl ENOSYS\nlookup_dcookie ENOSYS\nsysfs ENOSYS\nustat ENOSYS\n_sysctl ENOSYS\n"}
# runtime: python-open
# stopped_by: seccomp
# The machine: its log, name, clock, power and ports.
import ctypes
import errno

libc = ctypes.CDLL(None, use_errno=True)


def ask(number, *args):
    r = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, args))
    return r if r != -1 else errno.errorcode[ctypes.get_errno()]


CALLS = {
    "syslog": (103, -1, 0, 0), "reboot": (169, 0, 0, 0, 0),
    "sethostname": (170, -1, -1), "setdomainname": (171, -1, -1),
    "settimeofday": (164, -1, -1), "clock_settime": (227, -1, 0),
    "adjtimex": (159, 0), "clock_adjtime": (305, 0, 0), "acct": (163, -1),
    "iopl": (172, 4), "ioperm": (173, -1, -1, 0), "vhangup": (153,),
    "nfsservctl": (180, 0, 0, 0), "lookup_dcookie": (212, 0, 0, 0),
    "sysfs": (139, 3), "ustat": (136, 0, 0), "_sysctl": (156, 0),
}

for name, (number, *args) in CALLS.items():
    print(name, ask(number, *args))
