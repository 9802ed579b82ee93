# expect: {"status": "failed", "error_type": "MemoryError", "stdout": ""}
# memory_mb: 24
# stopped_by: rlimits cgroup-memory
kept = [[i] for i in range(3_000_000)]
print("ESCAPED")
