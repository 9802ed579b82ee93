# expect: {"status": "completed", "stdout": "pipe EMFILE\neventfd EMFILE\nepoll EMFILE\nopen EMFILE\ndup EMFILE\n", "exit_code": 0}
# runtime: python-open
# stopped_by: rlimits
# Of every kind as many as there may be, and 500 at most.
import errno
import os
import select


def epoll():
    kept = select.epoll()
    return os.dup(kept.fileno())


for name, call in (("pipe", os.pipe), ("eventfd", lambda: os.eventfd(0)),
                   ("epoll", epoll),
                   ("open", lambda: os.open("/dev/null", os.O_RDONLY)),
                   ("dup", lambda: os.dup(0))):
    try:
        for _ in range(500):
            call()
        print(name, "ESCAPED")
    except OSError as e:
        print(name, errno.errorcode[e.errno])
    os.closerange(5, 4096)
