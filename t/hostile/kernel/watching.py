# expect: {"status": "completed", "stdout": "fanotify_init ENOSYS\nfanotify_mark ENOSYS\ninotify_init ENOSYS\ninotify_init1 ENOSYS\ninotify_add_watch ENOSYS\nsignalfd4 ENOSYS\ntimerfd_create ENOSYS\ntimer_create ENOSYS\nuserfaultfd EPERM\nperf_event_open EPERM\nfutex_waitv ENOSYS\n"}
# runtime: python-open
# stopped_by: seccomp
# Being told of what others do, and objects of the kernel's without a count.
import ctypes
import errno

libc = ctypes.CDLL(None, use_errno=True)


def ask(number, *args):
    r = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, args))
    return r if r != -1 else errno.errorcode[ctypes.get_errno()]


CALLS = {
    "fanotify_init": (300, -1, 0), "fanotify_mark": (301, -1, 0, 0, 0, 0),
    "inotify_init": (253,), "inotify_init1": (294, -1),
    "inotify_add_watch": (254, -1, -1, 0), "signalfd4": (289, -1, 0, 0, 0),
    "timerfd_create": (283, -1, 0), "timer_create": (222, -1, 0, 0),
    "userfaultfd": (323, -1), "perf_event_open": (298, -1, 0, -1, -1, 0),
    "futex_waitv": (449, 0, 0, -1, 0, 0),
}

for name, (number, *args) in CALLS.items():
    print(name, ask(number, *args))
