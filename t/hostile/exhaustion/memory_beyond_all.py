# expect: {"status": "completed", "stdout": "6 errors\n"}
# runtime: python-open
# bounded_by: no machine has so much
# Sizes that no machine has.
import mmap

errors = 0
for way in (lambda: bytearray(1 << 60), lambda: "x" * (1 << 60),
            lambda: [0] * (1 << 58), lambda: mmap.mmap(-1, 1 << 60),
            lambda: bytes(2 ** 63 - 1), lambda: 1 << (1 << 62)):
    try:
        way()
        print("ESCAPED")
    except (MemoryError, OSError, OverflowError):
        errors += 1
print(errors, "errors")
