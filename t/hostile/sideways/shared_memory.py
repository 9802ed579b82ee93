# expect: {"status": "completed", "stdout": "shm_open FileNotFoundError\nsem_open OSError\nshared mapping alone\n", "exit_code": 0}
# runtime: python-open
# stopped_by: root seccomp
# Memory and semaphores by name.
import _posixshmem
import ctypes
import mmap
import os

libc = ctypes.CDLL(None, use_errno=True)
libc.sem_open.restype = ctypes.c_void_p
try:
    _posixshmem.shm_open("/cr-hostile", os.O_CREAT | os.O_RDWR, mode=0o600)
    _posixshmem.shm_unlink("/cr-hostile")
    print("ESCAPED")
except OSError as e:
    print("shm_open", type(e).__name__)
if libc.sem_open(b"/cr-hostile", os.O_CREAT, 0o600, 1):
    libc.sem_unlink(b"/cr-hostile")
    print("ESCAPED")
else:
    print("sem_open OSError")
view = mmap.mmap(-1, 4096)
print("shared mapping", "alone" if view[:] == bytes(4096) else "ESCAPED")
