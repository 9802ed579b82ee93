# expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout": "before\n"}
# runtime: python-open
# timeout: 1
# bounded_by: the time limit is kept outside of the cell
# A claim that is never finished.
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


print("before")
whole = claim(0, b"", b"x" * 8000)
for byte in whole[:-1]:
    os.write(4, bytes([byte]))
    if byte != 0x78:
        time.sleep(0.001)
time.sleep(60)
