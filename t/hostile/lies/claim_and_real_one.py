# expect: {"status": "failed", "exit_code": 1, "error_type": "Forged", "stdout": "1\n2\n"}
# runtime: python-open
# bounded_by: the first claim counts
# What the runtime says at the end comes too late.
import atexit
import os
import struct


def frame(kind, payload):
    return struct.pack("<IIBBH", len(payload), 0, kind, 0, 0) + payload


def claim(code, error_type=b"", error=b"", violations=()):
    text = struct.pack("<i", code)
    for part in error_type, error:
        text += struct.pack("<I", len(part)) + part
    text += struct.pack("<H", len(violations))
    for line, column, part in violations:
        text += struct.pack("<III", line, column, len(part)) + part
    return frame(18, text)


atexit.register(lambda: os.write(4, claim(1, b"Forged")))
print(1)
print(2)
