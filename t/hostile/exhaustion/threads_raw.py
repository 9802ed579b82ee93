# expect: {"status": "completed", "stdout": "bounded True\n", "exit_code": 0}
# runtime: python-open
# stopped_by: cgroup-pids rlimits
# By pthread_create itself.
import ctypes

libc = ctypes.CDLL(None)
threads = []
for _ in range(500):
    thread = ctypes.c_ulong()
    if libc.pthread_create(ctypes.byref(thread), None, libc.usleep,
                           ctypes.c_void_p(300_000)):
        break
    threads.append(thread)
print("bounded", len(threads) <= 64)
for thread in threads:
    libc.pthread_join(thread, None)
