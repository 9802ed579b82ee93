# expect: {"status": "completed", "exit_code": 0}
# runtime: python-open
# bounded_by: a pipe is one cell's
# A claim with another job's number, which means nothing here.
import os
import struct

os.write(4, struct.pack("<IIBBHiIIH", 14, 12345, 18, 0, 0, 0, 0, 0, 0))
while True:
    pass
