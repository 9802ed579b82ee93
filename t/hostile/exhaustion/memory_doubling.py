# expect: {"status": "failed", "error_type": "MemoryError", "stdout": ""}
# memory_mb: 64
# stopped_by: rlimits cgroup-memory
# A text that doubles, up to a quarter of a gigabyte.
text = "x"
while len(text) < 1 << 28:
    text += text
print("ESCAPED")
