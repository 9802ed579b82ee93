# expect: {"status": "failed", "error_type": "SandboxError", "exit_code": 0, "signal": null, "timed_out": false}
# runtime: python-open
# bounded_by: a claim is the job's own word, and harmless
# An exit code of 0 beside an error is no success.
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


os.write(4, claim(0, b"SandboxError", b"the sandbox ended while the job ran"))
while True:
    pass
