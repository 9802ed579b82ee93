# expect: {"status": "completed", "stdout": "server PermissionError\nconnection PermissionError\nsleep None\n"}
# runtime: python-open
# stopped_by: seccomp landlock
# An event loop goes without a socket, what it is for does not.
import asyncio
import http.server

for name, call in (
        ("server", lambda: http.server.HTTPServer(("", 8080), None)),
        ("connection", lambda: asyncio.run(
            asyncio.open_connection("127.0.0.1", 80))),
        ("sleep", lambda: asyncio.run(asyncio.sleep(0)))):
    try:
        print(name, call())
    except OSError as e:
        print(name, type(e).__name__)
