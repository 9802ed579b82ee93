# expect: {"status": "completed", "stdout": "\u20ac\u20ac\n", "exit_code": 0}
# runtime: python-open
# bounded_by: output is bytes until all of it is there
# A character in parts, with time between them.
import os
import time

for byte in "€€\n".encode():
    os.write(1, bytes([byte]))
    time.sleep(0.01)
