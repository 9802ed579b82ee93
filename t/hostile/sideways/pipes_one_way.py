# expect: {"status": "completed", "stdout": "0 r\n1 w\n2 w\n3 r\n4 w\n", "exit_code": 0}
# runtime: python-open
# bounded_by: a cell gets one end of each pipe
# No end can be used the other way, to take what it is not meant to get.
import fcntl
import os

for number in range(5):
    ways = ""
    fcntl.fcntl(number, fcntl.F_SETFL, os.O_NONBLOCK)
    try:
        os.read(number, 1)
        ways += "r"
    except BlockingIOError:
        ways += "r"
    except OSError:
        pass
    try:
        os.write(number, b"")
        ways += "w"
    except OSError:
        pass
    fcntl.fcntl(number, fcntl.F_SETFL, 0)
    print(number, ways)
