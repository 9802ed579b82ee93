# expect: {"status": "completed", "stdout": "open ENOSYS\nstat ENOSYS\nlstat ENOSYS\ncreat EPERM\nopenat2 ENOSYS\nname_to_handle_at ENOSYS\nopen_by_handle_at EPERM\nchown EPERM\nfchown EPERM\nlchown EPERM\nfchownat EPERM\nutime ENOSYS\npreadv ENOSYS\npwritev2 ENOSYS\nreadahead ENOSYS\nsyncfs ENOSYS\nsync_file_range ENOSYS\n"}
# runtime: python-open
# stopped_by: seccomp
# Files by old, new and odd calls.
import ctypes
import errno

libc = ctypes.CDLL(None, use_errno=True)


def ask(number, *args):
    r = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, args))
    return r if r != -1 else errno.errorcode[ctypes.get_errno()]


CALLS = {
    "open": (2, -1, 0), "stat": (4, -1, 0), "lstat": (6, -1, 0),
    "creat": (85, -1, 0), "openat2": (437, -1, 0, 0, 0),
    "name_to_handle_at": (303, -1, -1, 0, 0, 0),
    "open_by_handle_at": (304, -1, 0, 0), "chown": (92, -1, -1, -1),
    "fchown": (93, -1, -1, -1), "lchown": (94, -1, -1, -1),
    "fchownat": (260, -1, -1, -1, -1, 0), "utime": (132, -1, 0),
    "preadv": (295, -1, 0, 0, 0), "pwritev2": (328, -1, 0, 0, 0, 0, 0),
    "readahead": (187, -1, 0, 0), "syncfs": (306, -1),
    "sync_file_range": (277, -1, 0, 0, 0),
}

for name, (number, *args) in CALLS.items():
    print(name, ask(number, *args))
