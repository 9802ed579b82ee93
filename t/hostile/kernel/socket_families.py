# expect: {"status": "completed", "stdout": "230 refused\n"}
# runtime: python-open
# stopped_by: seccomp
# A socket of every family and type there is.
import errno
import socket

refused = 0
for family in range(46):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW,
                 socket.SOCK_SEQPACKET, 10):
        try:
            socket.socket(family, kind, 0)
            print("ESCAPED", family, kind)
        except OSError as e:
            if e.errno == errno.EPERM:
                refused += 1
            else:
                print("ESCAPED", family, kind, e)
print(refused, "refused")
