# expect: {"status": "completed", "stdout": "out 1\nout 2", "exit_code": 0, "stderr": "err 1\nerr 2"}
# runtime: python-open
import sys
print("out 1")
print("err 1", file=sys.stderr)
sys.stdout.write("out 2")
sys.stderr.write("err 2")
