# expect: {"status": "completed", "stdout": "mount EPERM\numount2 EPERM\npivot_root EPERM\nchroot EPERM\nopen_tree EPERM\nmove_mount EPERM\nfsopen EPERM\nmount_setattr EPERM\nfsconfig ENOSYS\nfsmount ENOSYS\nfspick ENOSYS\nstatmount ENOSYS\nlistmount ENOSYS\nquotactl ENOSYS\nswapon ENOSYS\nswapoff ENOSYS\n"}
# runtime: python-open
# stopped_by: seccomp
# Other file systems.  What has a pointer to give gives a bad one.
import ctypes
import errno

libc = ctypes.CDLL(None, use_errno=True)


def ask(number, *args):
    r = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, args))
    return r if r != -1 else errno.errorcode[ctypes.get_errno()]


CALLS = {
    "mount": (165, -1, -1, -1, 0, 0), "umount2": (166, -1, -1),
    "pivot_root": (155, -1, -1), "chroot": (161, -1),
    "open_tree": (428, -1, -1, -1), "move_mount": (429, -1, -1, -1, -1, -1),
    "fsopen": (430, -1, -1), "mount_setattr": (442, -1, -1, -1, -1, 0),
    "fsconfig": (431, -1, 0, 0, 0, 0), "fsmount": (432, -1, -1, 0),
    "fspick": (433, -1, -1, -1), "statmount": (457, -1, -1, 0, -1),
    "listmount": (458, -1, -1, 0, -1), "quotactl": (179, -1, -1, 0, -1),
    "swapon": (167, -1, -1), "swapoff": (168, -1),
}

for name, (number, *args) in CALLS.items():
    print(name, ask(number, *args))
