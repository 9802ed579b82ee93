# expect: {"status": "completed", "stdout": "mincore ENOSYS\npreadv2 ENOSYS\ncachestat ENOSYS\nreadahead ENOSYS\nmlock ENOSYS\nmove_pages ENOSYS\nprocess_madvise ENOSYS\n", "exit_code": 0}
# runtime: python-open
# stopped_by: seccomp
# Which pages of a file others have read of late.
import ctypes
import errno

libc = ctypes.CDLL(None, use_errno=True)


def ask(number, *args):
    r = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, args))
    return r if r != -1 else errno.errorcode[ctypes.get_errno()]


CALLS = {
    "mincore": (27, 0, 0, 0), "preadv2": (327, 0, 0, 0, 0, 0, 8),
    "cachestat": (451, -1, 0, 0, 0), "readahead": (187, -1, 0, 0),
    "mlock": (149, 0, 0), "move_pages": (279, 1, 0, 0, 0, 0, 0),
    "process_madvise": (440, -1, 0, 0, 0, 0),
}

for name, (number, *args) in CALLS.items():
    print(name, ask(number, *args))
