# expect: {"status": "failed", "exit_code": 3, "error_has": "left the interpreter with exit code 3", "error_type": ""}
# runtime: python-open
# bounded_by: half a claim is none
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


os.write(4, claim(0)[:-1])
os._exit(3)
