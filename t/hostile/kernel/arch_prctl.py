# expect: {"status": "completed", "stdout": "arch_prctl ENOSYS\nmodify_ldt ENOSYS\nset_thread_area ENOSYS\npkey_alloc ENOSYS\nmap_shadow_stack ENOSYS\nmembarrier ENOSYS\n"}
# runtime: python-open
# stopped_by: seccomp
# The processor's own state.
import ctypes
import errno

libc = ctypes.CDLL(None, use_errno=True)


def ask(number, *args):
    r = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, args))
    return r if r != -1 else errno.errorcode[ctypes.get_errno()]


CALLS = {
    "arch_prctl": (158, 0x1003, -1), "modify_ldt": (154, 0, -1, 0),
    "set_thread_area": (205, -1), "pkey_alloc": (330, -1, 0),
    "map_shadow_stack": (453, 0, 0, 0), "membarrier": (324, 0, 0, 0),
}

for name, (number, *args) in CALLS.items():
    print(name, ask(number, *args))
