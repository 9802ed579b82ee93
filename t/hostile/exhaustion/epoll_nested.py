# expect: {"status": "completed", "stdout": "ELOOP\nELOOP\n", "exit_code": 0}
# runtime: python-open
# bounded_by: the kernel counts how deep they are
# One that waits for one that waits, and a ring of them.
import errno
import select

try:
    last = select.epoll()
    kept = [last]
    for _ in range(100):
        outer = select.epoll()
        outer.register(last.fileno(), select.EPOLLIN)
        kept.append(outer)
        last = outer
except OSError as e:
    print(errno.errorcode[e.errno])
a, b = select.epoll(), select.epoll()
try:
    a.register(b.fileno())
    b.register(a.fileno())
except OSError as e:
    print(errno.errorcode[e.errno])
