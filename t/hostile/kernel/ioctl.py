# expect: {"status": "completed", "stdout": "TIOCSTI ENOSYS\nTIOCSTI with more ENOSYS\nTIOCLINUX ENOSYS\nTIOCSCTTY ENOSYS\nTIOCGPGRP ENOSYS\nTIOCNOTTY ENOSYS\nFIOASYNC ENOSYS\nFIOSETOWN ENOSYS\nFIGETBSZ ENOSYS\nFS_IOC_GETFLAGS ENOSYS\nRNDGETENTCNT ENOSYS\nRNDADDENTROPY ENOSYS\nVT_OPENQRY ENOSYS\n"}
# runtime: python-open
# stopped_by: seccomp
# Commands to a terminal, to a device, to a file.
import ctypes
import errno
import os

libc = ctypes.CDLL(None, use_errno=True)


def ask(number, *args):
    r = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, args))
    return r if r != -1 else errno.errorcode[ctypes.get_errno()]


random = os.open("/dev/urandom", os.O_RDONLY)

CALLS = {
    "TIOCSTI": (16, 0, 0x5412, -1), "TIOCSTI with more":
    (16, 0, 0x5412 | 1 << 32, -1), "TIOCLINUX": (16, 0, 0x541c, -1),
    "TIOCSCTTY": (16, 0, 0x540e, 0), "TIOCGPGRP": (16, 0, 0x540f, -1),
    "TIOCNOTTY": (16, 0, 0x5422, 0), "FIOASYNC": (16, 1, 0x5452, -1),
    "FIOSETOWN": (16, 1, 0x8901, -1), "FIGETBSZ": (16, random, 2, -1),
    "FS_IOC_GETFLAGS": (16, random, 0x80086601, -1),
    "RNDGETENTCNT": (16, random, 0x80045200, -1),
    "RNDADDENTROPY": (16, random, 0x40085203, -1),
    "VT_OPENQRY": (16, 0, 0x5600, -1),
}

for name, (number, *args) in CALLS.items():
    print(name, ask(number, *args))
