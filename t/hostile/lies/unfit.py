# expect: {"status": "failed", "error_type": "SandboxError", "error": "the program forged its result"}
# runtime: python-open
# bounded_by: a running cell's only frame is a claim
# No layer could be had, it says.
import os
import struct


def frame(kind, payload):
    return struct.pack("<IIBBH", len(payload), 0, kind, 0, 0) + payload


os.write(4, frame(19, b"seccomp: \x1b[31mForged\nline of a log"))
while True:
    pass
