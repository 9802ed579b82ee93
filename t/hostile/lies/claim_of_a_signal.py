# expect: {"status": "failed", "error_type": "SandboxError", "error": "the program forged its result", "signal": null}
# runtime: python-open
# bounded_by: a signal can be claimed where programs are executed, and nowhere else
# Its process lives, and claims to have died.
import os
import struct

os.write(4, struct.pack("<IIBBHiIIH", 14, 0, 18, 9, 0, 0, 0, 0, 0))
while True:
    pass
