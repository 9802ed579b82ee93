# expect: {"status": "failed", "error_type": "MemoryError", "error": "the program used more than 32 MB of memory", "stdout": "written\n"}
# runtime: python-open
# memory_mb: 32
# stopped_by: cgroup-memory
# What lies in /tmp is memory as well.
import os

with open("/tmp/x", "wb") as file:
    file.write(os.urandom(15 << 20))
print("written")
kept = bytearray(b"x") * (52 << 20)
print("ESCAPED")
