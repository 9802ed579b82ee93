# expect: {"status": "completed", "stdout": "FUTEX_LOCK_PI ENOSYS\nFUTEX_UNLOCK_PI ENOSYS\nFUTEX_TRYLOCK_PI ENOSYS\nFUTEX_WAIT_REQUEUE_PI ENOSYS\nFUTEX_CMP_REQUEUE_PI ENOSYS\nFUTEX_LOCK_PI2 ENOSYS\nfutex_requeue ENOSYS\n"}
# runtime: python-open
# stopped_by: seccomp
# Priority inheritance, of which kernel exploits are made; the word at address
# 1 is none.
import ctypes
import errno

libc = ctypes.CDLL(None, use_errno=True)


def ask(number, *args):
    r = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, args))
    return r if r != -1 else errno.errorcode[ctypes.get_errno()]


CALLS = {
    "FUTEX_LOCK_PI": (202, 1, 6, 0, 0, 0, 0),
    "FUTEX_UNLOCK_PI": (202, 1, 7, 0, 0, 0, 0),
    "FUTEX_TRYLOCK_PI": (202, 1, 8, 0, 0, 0, 0),
    "FUTEX_WAIT_REQUEUE_PI": (202, 1, 11, 0, 0, 1, 0),
    "FUTEX_CMP_REQUEUE_PI": (202, 1, 12, 1, 0, 1, 0),
    "FUTEX_LOCK_PI2": (202, 1, 13, 0, 0, 0, 0),
    "futex_requeue": (456, -1, 0, 0, 0),
}

for name, (number, *args) in CALLS.items():
    print(name, ask(number, *args))
