# expect: {"status": "failed", "exit_code": 3, "error_type": "Slowly", "error": "a byte at a time"}
# runtime: python-open
# bounded_by: a claim is read as it comes
import os
import struct
import time


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


for byte in claim(3, b"Slowly", b"a byte at a time"):
    os.write(4, bytes([byte]))
    time.sleep(0.001)
while True:
    pass
