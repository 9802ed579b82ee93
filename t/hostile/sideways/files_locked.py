# expect: {"status": "completed", "stdout": "4 locked and free again\n", "exit_code": 0}
# runtime: python-open
# bounded_by: a lock hinders only who asks for one
# Locks on files that cells share: two jobs that want to can tell each other a
# bit by them; nothing else asks for one.
import fcntl
import os

done = 0
for path in ("/usr/lib/python3.11/os.py", "/dev/null", "/zygote",
             "/usr/lib/python3.11"):
    file = os.open(path, os.O_RDONLY)
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(file)
    done += 1
print(done, "locked and free again")
