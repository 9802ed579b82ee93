# expect: {"status": "completed", "stdout": "mmap rwx EPERM\nmmap rx EPERM\nmmap x with more EPERM\nmmap a file EPERM\nmprotect rwx EPERM\nmprotect rx EPERM\npkey_mprotect ENOSYS\nmemfd_create EPERM\nmemfd_secret ENOSYS\nremap_file_pages ENOSYS\nshmat EPERM\n"}
# runtime: python-open
# stopped_by: seccomp
# Machine code of one's own.
import ctypes
import errno
import mmap
import os

libc = ctypes.CDLL(None, use_errno=True)


def ask(number, *args):
    r = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, args))
    return r if r != -1 else errno.errorcode[ctypes.get_errno()]


page = mmap.mmap(-1, 4096)
address = ctypes.addressof(ctypes.c_char.from_buffer(page))
library = os.open("/usr/lib/python3.11/os.py", os.O_RDONLY)

CALLS = {
    "mmap rwx": (9, 0, 4096, 7, 0x22, -1, 0),
    "mmap rx": (9, 0, 4096, 5, 0x22, -1, 0),
    "mmap x with more": (9, 0, 4096, 0xffff00000000 | 4, 0x22, -1, 0),
    "mmap a file": (9, 0, 4096, 5, 2, library, 0),
    "mprotect rwx": (10, address, 4096, 7),
    "mprotect rx": (10, address, 4096, 5),
    "pkey_mprotect": (329, address, 4096, 5, -1),
    "memfd_create": (319, -1, 0), "memfd_secret": (447, -1),
    "remap_file_pages": (216, 0, 0, 0, 0, 0), "shmat": (30, -1, 0, 0x8000),
}

for name, (number, *args) in CALLS.items():
    print(name, ask(number, *args))
