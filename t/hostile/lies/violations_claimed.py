# expect: {"status": "failed", "error_type": "SecurityError", "violations_count": 32}
# runtime: python-open
# bounded_by: a claim is the job's own word, and harmless
# As many violations as there may be, where there is no policy.
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


violation = (2 ** 32 - 1, 0, b"m" * 256)
os.write(4, claim(1, b"SecurityError", b"", [violation] * 32))
while True:
    pass
