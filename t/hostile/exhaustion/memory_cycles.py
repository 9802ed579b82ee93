# expect: {"status": "failed", "error_type": "MemoryError", "stdout": ""}
# runtime: python-open
# memory_mb: 24
# stopped_by: cgroup-memory
# Rings that nobody collects.
import gc

gc.disable()
for i in range(150_000):
    ring = [bytearray(1000)]
    ring.append(ring)
print("ESCAPED")
