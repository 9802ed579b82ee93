# expect: {"status": "completed", "stdout": "ptrace traceme EPERM\nptrace attach EPERM\nptrace seize EPERM\nprocess_vm_readv EPERM\nprocess_vm_writev EPERM\npidfd_open EPERM\npidfd_getfd EPERM\npidfd_send_signal EPERM\nkcmp EPERM\nprocess_madvise ENOSYS\nprocess_mrelease ENOSYS\nget_robust_list ENOSYS\nrt_sigqueueinfo ENOSYS\nrt_tgsigqueueinfo ENOSYS\ntkill ENOSYS\nprlimit64 ENOSYS\n"}
# runtime: python-open
# stopped_by: seccomp
# Power over a process, and be it oneself.
import ctypes
import errno

libc = ctypes.CDLL(None, use_errno=True)


def ask(number, *args):
    r = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, args))
    return r if r != -1 else errno.errorcode[ctypes.get_errno()]


CALLS = {
    "ptrace traceme": (101, 0, 0, 0, 0), "ptrace attach": (101, 16, 30000),
    "ptrace seize": (101, 0x4206, 30000),
    "process_vm_readv": (310, 1, 0, 0, 0, 0, 0),
    "process_vm_writev": (311, 1, 0, 0, 0, 0, 0),
    "pidfd_open": (434, 1, 0), "pidfd_getfd": (438, -1, 0, 0),
    "pidfd_send_signal": (424, -1, 0, 0, 0), "kcmp": (312, 1, 1, 1, 0, 0),
    "process_madvise": (440, -1, 0, 0, 0, 0),
    "process_mrelease": (448, -1, 0), "get_robust_list": (274, 1, 0, 0),
    "rt_sigqueueinfo": (129, 1, 0, 0), "rt_tgsigqueueinfo": (297, 1, 1, 0, 0),
    "tkill": (200, 1, 0), "prlimit64": (302, 1, 7, 0, 0),
}

for name, (number, *args) in CALLS.items():
    print(name, ask(number, *args))
