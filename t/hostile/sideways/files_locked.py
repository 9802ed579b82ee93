# expect: {"status": "completed", "stdout": "0 of 4 locked\n", "exit_code": 0}
# runtime: python-open
# stopped_by: seccomp
# Locks on files that cells, and programs of the machine, share: who could lock
# what he can only read could keep the others waiting.
import fcntl
import os

done = 0
for path in ("/usr/lib/python3.11/os.py", "/dev/null", "/zygote",
             "/usr/lib/python3.11"):
    file = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        done += 1
    except PermissionError:
        pass
    os.close(file)
print(done, "of 4 locked")
