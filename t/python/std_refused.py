# expect: {"status": "completed", "stdout": "ok\n", "exit_code": 0}
# runtime: python-open
# What a cell has not is refused at once, by an exception that says so.
import concurrent.futures
import ctypes
import http.client
import mmap
import multiprocessing
import os
import pty
import socket
import subprocess
import urllib.error
import urllib.request


def refused(function, *args, errors=PermissionError, **kwargs):
    try:
        function(*args, **kwargs)
    except errors as e:
        assert str(e), function
    else:
        assert False, function


# No network.
for family in socket.AF_INET, socket.AF_INET6, socket.AF_UNIX:
    refused(socket.socket, family)
refused(socket.socketpair)
refused(socket.create_connection, ("127.0.0.1", 80))
refused(http.client.HTTPConnection("127.0.0.1").request, "GET", "/")
refused(urllib.request.urlopen, "http://127.0.0.1",
        errors=urllib.error.URLError)
refused(socket.getaddrinfo, "example.com", 80, errors=socket.gaierror)
refused(socket.gethostbyname, "example.com", errors=socket.gaierror)
assert socket.gethostname() == "cell"

# No other programs and no other processes.
refused(subprocess.run, ["/bin/true"])
refused(subprocess.check_output, "true", shell=True)
refused(subprocess.getoutput, "true")
refused(os.popen, "true")
refused(os.fork)
refused(os.forkpty, errors=OSError)
refused(pty.spawn, "/bin/true", errors=OSError)
refused(os.execv, "/bin/true", ["true"])
refused(os.posix_spawn, "/bin/true", ["true"], {})
assert os.system("true") != 0
refused(multiprocessing.Process(target=print).start)
refused(multiprocessing.Pool, 2)
refused(multiprocessing.Pipe)
with concurrent.futures.ProcessPoolExecutor(1) as pool:
    refused(pool.submit, abs, 1)
refused(os.wait, errors=ChildProcessError)
refused(os.kill, -1, 0, errors=ProcessLookupError)
refused(os.kill, 2, 9, errors=ProcessLookupError)
refused(os.pidfd_open, os.getpid())

# No power.
refused(os.setuid, 0)
refused(os.setgid, 0)
refused(os.setgroups, [])
refused(os.setsid)
refused(os.chroot, "/tmp")
refused(os.nice, 1)
refused(os.sched_setaffinity, 0, {0})
refused(os.chown, "/tmp", 0, 0)
refused(os.mknod, "/tmp/node")
refused(os.mkfifo, "/tmp/fifo")
refused(os.memfd_create, "memory")

# No new code.
refused(mmap.mmap, -1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC)
refused(ctypes.CDLL, "/usr/lib/python3.11/lib-dynload/readline"
        ".cpython-311-x86_64-linux-gnu.so", errors=OSError)

# No files but /tmp's.
for path in "/x", "/usr/lib/python3.11/x", "/dev/x", "/zygote":
    refused(open, path, "w", errors=OSError)
for path in "/proc/self/status", "/etc/passwd", "/sys", "/root", "/home":
    refused(open, path, errors=FileNotFoundError)
print("ok")
