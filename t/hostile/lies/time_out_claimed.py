# expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": false, "exit_code": 1}
# runtime: python-open
# bounded_by: whether its time was over is the supervisor's word
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


os.write(4, claim(1, b"TimeoutError", b"the program ran longer than 1 second"))
while True:
    pass
