# expect: {"status": "failed", "error_type": "SandboxError", "error": "the program forged its result"}
# runtime: python-open
# bounded_by: a frame is no longer than a claim may be
import os
import struct

os.write(4, struct.pack("<IIBBH", 2 ** 32 - 1, 0, 18, 0, 0))
while True:
    pass
