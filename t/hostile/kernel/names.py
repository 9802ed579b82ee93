# expect: {"status": "completed", "stdout_like": "^getaddrinfo gaierror\\ninterfaces PermissionError\\ngethostbyname gaierror\\n$"}
# runtime: python-open
# stopped_by: seccomp
# Names of the network, which want a socket to be asked for.
import socket

for name, call in (("getaddrinfo", lambda: socket.getaddrinfo("a.test", 80)),
                   ("interfaces", socket.if_nameindex),
                   ("gethostbyname", lambda: socket.gethostbyname("a.test"))):
    try:
        print(name, "ESCAPED", call())
    except OSError as e:
        print(name, type(e).__name__)
