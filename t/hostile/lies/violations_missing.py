# expect: {"status": "failed", "error_type": "SandboxError", "error": "the program's report cannot be read", "violations_count": 0}
# runtime: python-open
# bounded_by: a claim is checked for its bounds
# 65535 violations are announced, none follows.
import os
import struct


def frame(kind, payload):
    return struct.pack("<IIBBH", len(payload), 0, kind, 0, 0) + payload


os.write(4, frame(18, struct.pack("<iIIH", 1, 0, 0, 65535)))
while True:
    pass
