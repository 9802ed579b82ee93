# expect: {"status": "completed", "stdout": "nothing to read\nnot to be written\n"}
# runtime: python-open
# bounded_by: a pipe is one cell's, and carries one job
# The pipe that the program came by.
import os
import select

print("nothing to read" if not select.select([3], [], [], 0.05)[0]
      else ("ESCAPED", os.read(3, 4096)))
try:
    print("ESCAPED", os.write(3, b"x"))
except OSError:
    print("not to be written")
