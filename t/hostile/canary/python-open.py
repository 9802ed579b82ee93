# runtime: python-open
# expect: {"status": "completed", "stdout_like": "^input\\nargs \\['one'\\]\\ntmp \\[\\]\\nchanged \\[\\]\\nmarked False\\ntoken [0-9a-f]+\\n$", "stderr": "", "exit_code": 0}
# stdin: "input\n"
# args: ["one"]
# What a program finds that comes after a hostile one.
import builtins
import ctypes
import gc
import json
import os
import secrets
import signal
import sys
import threading


def opened(fd):
    try:
        return bool(os.fstat(fd))
    except OSError:
        return False


print(input())
print("args", sys.argv[1:])
print("tmp", os.listdir("/tmp") + [f for f in ("/dev/shm",)
                                   if os.path.exists(f) and os.listdir(f)])

changed = [name for name, right in (
    ("environ", not os.environ),
    ("builtins", not hasattr(builtins, "hostile")),
    ("modules", not any(hasattr(m, "hostile") for m in
                        list(sys.modules.values()))),
    ("json", json.loads(json.dumps({"a": [1]})) == {"a": [1]}),
    ("hooks", sys.gettrace() is None and sys.getprofile() is None),
    ("threads", threading.active_count() == 1),
    ("umask", os.umask(0o77) == 0o77),
    ("alarm", signal.alarm(0) == 0),
    ("mask", not signal.pthread_sigmask(signal.SIG_BLOCK, [])),
    ("folder", os.getcwd() == "/tmp"),
    ("descriptors", [fd for fd in range(64) if opened(fd)] == [*range(6)]),
) if not right]

print("changed", changed)

# Hostile programs write this wherever they can, never so in this text.
marker = bytes(c ^ 1 for c in b"bs,inruhmd,l`sjds")
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
marked = any(marker in o for o in gc.get_objects()
             if isinstance(o, (bytes, bytearray)))

for size in (40, 200, 1000, 5000, 60000, 130000, 1 << 20):
    for _ in range(4):
        block = libc.malloc(ctypes.c_size_t(size))
        marked |= marker in ctypes.string_at(block, size)

print("marked", marked)
print("token", secrets.token_hex(16))
