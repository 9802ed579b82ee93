# expect: {"status": "failed", "error_type": "\"}], <b>", "error": "\u0000\n\u001b[2J\ufffd\ufffd\"}", "exit_code": -2147483648}
# runtime: python-open
# bounded_by: texts are escaped where they are put into JSON
# NUL, an escape, bytes that are no UTF-8, and what would end a JSON string.
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


os.write(4, claim(-2 ** 31, b"\"}], <b>", b"\0\n\x1b[2J\xff\xfe\"}"))
while True:
    pass
