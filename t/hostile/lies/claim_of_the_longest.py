# expect: {"status": "failed", "error_type": "SandboxError", "error": "the program's report cannot be read"}
# runtime: python-open
# bounded_by: a claim is checked for its bounds
# A frame as long as a claim may be, of lengths that lead out of it.
import os
import struct


def frame(kind, payload):
    return struct.pack("<IIBBH", len(payload), 0, kind, 0, 0) + payload


os.write(4, frame(18, b"\xff" * 24576))
while True:
    pass
