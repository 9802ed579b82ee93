# expect: {"status": "completed", "stdout": "bounded\n", "exit_code": 0}
# runtime: python-open
# stopped_by: tmp
# Names of one file: each takes an inode's place, too.
import os

open("/tmp/a", "w").close()
try:
    for i in range(10_000):
        os.link("/tmp/a", f"/tmp/{i}")
    print("ESCAPED")
except OSError:
    print("bounded")
