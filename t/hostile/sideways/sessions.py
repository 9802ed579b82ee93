# expect: {"status": "completed", "stdout": "own session\nno terminal\n", "exit_code": 0}
# runtime: python-open
# stopped_by: session
# No session, group or terminal in common with anybody.
import os

print("own session" if os.getsid(0) == os.getpgrp() == os.getpid()
      else ("ESCAPED", os.getsid(0), os.getpgrp()))
try:
    os.open("/dev/tty", os.O_RDWR)
    print("ESCAPED")
except OSError:
    print("no terminal")
