# expect: {"status": "completed", "stdout": "shmget EPERM\nshmat EPERM\nshmctl ENOSYS\nshmdt ENOSYS\nsemget EPERM\nsemop ENOSYS\nsemctl ENOSYS\nsemtimedop ENOSYS\nmsgget EPERM\nmsgsnd ENOSYS\nmsgrcv ENOSYS\nmsgctl ENOSYS\nmq_open EPERM\nmq_unlink ENOSYS\nmq_timedsend ENOSYS\nmq_notify ENOSYS\n"}
# runtime: python-open
# stopped_by: seccomp
# Memory, semaphores and queues that go by a key or a name.
import ctypes
import errno

libc = ctypes.CDLL(None, use_errno=True)


def ask(number, *args):
    r = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, args))
    return r if r != -1 else errno.errorcode[ctypes.get_errno()]


CALLS = {
    "shmget": (29, 0x11, 4096, 0o1600), "shmat": (30, -1, 0, 0),
    "shmctl": (31, -1, 2, -1), "shmdt": (67, -1),
    "semget": (64, 0x11, 1, 0o1600), "semop": (65, -1, 0, 0),
    "semctl": (66, -1, 0, 0, 0), "semtimedop": (220, -1, 0, 0, 0),
    "msgget": (68, 0x11, 0o1600), "msgsnd": (69, -1, 0, 0, 0),
    "msgrcv": (70, -1, 0, 0, 0, 0), "msgctl": (71, -1, 2, -1),
    "mq_open": (240, -1, 0, 0, 0), "mq_unlink": (241, -1),
    "mq_timedsend": (242, -1, 0, 0, 0, 0), "mq_notify": (244, -1, 0),
}

for name, (number, *args) in CALLS.items():
    print(name, ask(number, *args))
