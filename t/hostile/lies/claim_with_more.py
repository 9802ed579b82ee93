# expect: {"status": "failed", "error_type": "SandboxError", "error": "the program's report cannot be read"}
# runtime: python-open
# bounded_by: a claim is exactly one message
import os
import struct


def frame(kind, payload):
    return struct.pack("<IIBBH", len(payload), 0, kind, 0, 0) + payload


os.write(4, frame(18, struct.pack("<iIIH", 0, 0, 0, 0) + b"\0"))
while True:
    pass
