# expect: {"status": "completed", "stdout": "landlock_create_ruleset ENOSYS\nlandlock_add_rule ENOSYS\nlandlock_restrict_self ENOSYS\nseccomp EPERM\nlsm_get_self_attr ENOSYS\nlsm_set_self_attr ENOSYS\nlsm_list_modules ENOSYS\n"}
# runtime: python-open
# stopped_by: seccomp
# The confining calls themselves.
import ctypes
import errno

libc = ctypes.CDLL(None, use_errno=True)


def ask(number, *args):
    r = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, args))
    return r if r != -1 else errno.errorcode[ctypes.get_errno()]


CALLS = {
    "landlock_create_ruleset": (444, 0, 0, 1),
    "landlock_add_rule": (445, -1, 1, 0, 0),
    "landlock_restrict_self": (446, -1, 0), "seccomp": (317, -1, 0, 0),
    "lsm_get_self_attr": (459, 0, 0, 0, 0),
    "lsm_set_self_attr": (460, 0, 0, 0, 0),
    "lsm_list_modules": (461, 0, 0, -1),
}

for name, (number, *args) in CALLS.items():
    print(name, ask(number, *args))
