# expect: {"status": "failed", "error_type": "MemoryError", "error": "the program used more than 24 MB of memory", "stdout": "before\n"}
# runtime: python-open
# memory_mb: 24
# stopped_by: cgroup-memory
# Without a limit of address space the cgroup alone tells.  Not without end:
# the machine would have to bear it.
print("before")
kept = [bytes(500) for _ in range(600_000)]
print("ESCAPED")
