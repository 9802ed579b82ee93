# expect: {"status": "failed", "error_type": "MemoryError", "error": "the program used more than 64 MB of memory"}
# runtime: python-open
# memory_mb: 64
# stopped_by: cgroup-memory
# Eight threads, 32 MB each.
import threading

kept = []


def fill():
    kept.append(bytearray(b"x") * (32 << 20))


threads = [threading.Thread(target=fill) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("ESCAPED")
