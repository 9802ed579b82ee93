# expect: {"status": "failed", "error_type": "\ufffd\ufffd\ufffd", "error": "\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd \ufffd\ufffd"}
# runtime: python-open
# bounded_by: texts are checked for UTF-8
# A lone surrogate, a number beyond Unicode, a long form of a slash.
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


os.write(4, claim(1, b"\xed\xa0\x80",
                  b"\xed\xb0\x80\xf4\x90\x80 \xc0\xaf"))
while True:
    pass
