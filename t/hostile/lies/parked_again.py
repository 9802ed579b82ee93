# expect: {"status": "failed", "error_type": "SandboxError", "error": "the program forged its result"}
# runtime: python-open
# bounded_by: a running cell's only frame is a claim
# Ready for another job, it says.
import os
import struct


def frame(kind, payload):
    return struct.pack("<IIBBH", len(payload), 0, kind, 0, 0) + payload


os.write(4, frame(17, b""))
os.read(3, 1)
while True:
    pass
