# expect: {"status": "completed", "stdout": "unshare 8 EPERM\nclone 8 EPERM\nclone with a thread's flags 8 EPERM\nsetns EPERM\nclone3 ENOSYS\n"}
# runtime: python-open
# stopped_by: seccomp
# Every flag of a new namespace: by unshare, by clone, beside a thread's own.
# CLONE_SIGHAND without CLONE_VM would be EINVAL: no call makes a process.
import ctypes
import errno

libc = ctypes.CDLL(None, use_errno=True)


def ask(number, *args):
    r = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, args))
    return r if r != -1 else errno.errorcode[ctypes.get_errno()]


NEW = [0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000,
       0x20000000, 0x40000000]
SIGHAND, THREAD = 0x800, 0x3d0e00


def all_of(name, answers):
    print(name, len(answers) if set(answers) == {"EPERM"} else answers,
          "EPERM")


all_of("unshare", [ask(272, flag | 1) for flag in NEW])
all_of("clone", [ask(56, flag | SIGHAND) for flag in NEW])
all_of("clone with a thread's flags",
       [ask(56, flag | THREAD | SIGHAND) for flag in NEW])
print("setns", ask(308, -1, 0))
print("clone3", ask(435, 0, 0))
