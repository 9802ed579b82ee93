# expect: {"status": "failed", "error_type": "SandboxError", "error": "the program forged its result"}
# runtime: python-open
# bounded_by: a running cell's only frame is a claim
# What a worker says to a supervisor: HELLO, STOP, RUN, RESULT.
import os
import struct


def frame(kind, payload):
    return struct.pack("<IIBBH", len(payload), 0, kind, 0, 0) + payload


os.write(4, b"".join(frame(kind, b"\1\0\0\0") for kind in (1, 6, 3, 9)))
while True:
    pass
