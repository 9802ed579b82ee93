# expect: {"status": "completed", "stdout": "MemoryError\nMemoryError\nMemoryError\nMemoryError\nMemoryError\n"}
# stopped_by: rlimits
# memory_mb: 64
# More than the limit at once, in many ways; each is an error and no end.
ways = [lambda: bytearray(1 << 27), lambda: "x" * (1 << 27),
        lambda: [0] * (1 << 24), lambda: 1 << (1 << 30),
        lambda: " ".join(["x" * (1 << 20)] * 128)]
for way in ways:
    try:
        way()
        print("ESCAPED")
    except MemoryError:
        print("MemoryError")
