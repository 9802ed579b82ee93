# expect: {"status": "failed", "exit_code": 7, "error_type": "First", "error": "of two"}
# runtime: python-open
# bounded_by: the first claim counts
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


os.write(4, claim(7, b"First", b"of two") + claim(0))
while True:
    pass
