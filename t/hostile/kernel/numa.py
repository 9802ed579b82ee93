# expect: {"status": "completed", "stdout": "mbind ENOSYS\nset_mempolicy ENOSYS\nget_mempolicy ENOSYS\nmigrate_pages ENOSYS\nmove_pages ENOSYS\nset_mempolicy_home_node ENOSYS\n"}
# runtime: python-open
# stopped_by: seccomp
# Where memory lies.
import ctypes
import errno

libc = ctypes.CDLL(None, use_errno=True)


def ask(number, *args):
    r = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, args))
    return r if r != -1 else errno.errorcode[ctypes.get_errno()]


CALLS = {
    "mbind": (237, 1, 1, -1, 0, 0, -1), "set_mempolicy": (238, -1, 0, 0),
    "get_mempolicy": (239, 0, 0, 0, 0, -1), "migrate_pages": (256, 1, 0, 0, 0),
    "move_pages": (279, 1, 0, 0, 0, 0, -1),
    "set_mempolicy_home_node": (450, 1, 1, 0, -1),
}

for name, (number, *args) in CALLS.items():
    print(name, ask(number, *args))
