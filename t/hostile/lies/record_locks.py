# expect: {"status": "completed", "stdout": "0 OSError\n1 2\n2 2\n3 OSError\n4 2\n"}
# runtime: python-open
# bounded_by: a pipe is one cell's
# Whether another holds a lock on what a cell inherits.
import fcntl
import struct

for descriptor in range(5):
    try:
        answer = fcntl.fcntl(descriptor, fcntl.F_SETLK,
                             struct.pack("hhqqi", fcntl.F_WRLCK, 0, 0, 0, 0))
        answer = fcntl.fcntl(descriptor, fcntl.F_GETLK,
                             struct.pack("hhqqi", fcntl.F_WRLCK, 0, 0, 0, 0))
        print(descriptor, struct.unpack("hhqqi", answer)[0])
    except OSError as e:
        print(descriptor, type(e).__name__)
