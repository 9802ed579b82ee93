# runtime: python-open
# only: driver
# expect: {"status": "completed", "stdout": "before child\nparent 7\n", "exit_code": 0}
import os
import sys
print("before", end=" ")
pid = os.fork()
if pid == 0:
    print("child")
    sys.exit(7)
print("parent", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
