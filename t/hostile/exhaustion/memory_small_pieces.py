# expect: {"status": "failed", "error_type": "MemoryError", "stdout": ""}
# memory_mb: 24
# stopped_by: rlimits cgroup-memory
kept = [bytes(500) for _ in range(600_000)]
print("ESCAPED")
