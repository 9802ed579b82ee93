# expect: {"status": "completed", "stdout": "bpf EPERM\nperf_event_open EPERM\nuserfaultfd EPERM\nio_uring_setup EPERM\nio_uring_enter EPERM\nio_uring_register EPERM\nseccomp EPERM\ninit_module EPERM\nfinit_module EPERM\ndelete_module ENOSYS\nkexec_load EPERM\nkexec_file_load ENOSYS\nio_setup ENOSYS\n"}
# runtime: python-open
# stopped_by: seccomp
# The large and young parts of the kernel, and code for it.
import ctypes
import errno

libc = ctypes.CDLL(None, use_errno=True)


def ask(number, *args):
    r = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, args))
    return r if r != -1 else errno.errorcode[ctypes.get_errno()]


CALLS = {
    "bpf": (321, -1, -1, 0), "perf_event_open": (298, -1, 0, -1, -1, 0),
    "userfaultfd": (323, -1), "io_uring_setup": (425, 0, -1),
    "io_uring_enter": (426, -1, 0, 0, 0, 0, 0),
    "io_uring_register": (427, -1, 0, 0, 0), "seccomp": (317, -1, 0, 0),
    "init_module": (175, -1, 0, -1), "finit_module": (313, -1, -1, -1),
    "delete_module": (176, -1, 0), "kexec_load": (246, 0, 0, 0, -1),
    "kexec_file_load": (320, -1, -1, 0, 0, -1), "io_setup": (206, 0, 0),
}

for name, (number, *args) in CALLS.items():
    print(name, ask(number, *args))
