# expect: {"status": "failed", "error_type": "SandboxError", "error": "the program forged its result"}
# runtime: python-open
# bounded_by: what must be zero is looked at
import os
import struct

os.write(4, struct.pack("<IIBBHiIIH", 14, 0, 18, 0, 1, 0, 0, 0, 0))
while True:
    pass
