# expect: {"status": "completed", "stdout": "before\n", "exit_code": 0}
# runtime: python-open
# bounded_by: the first claim ends the cell
# Threads that would go on when the program has ended.
import hashlib
import os
import struct
import threading


def frame(kind, payload):
    return struct.pack("<IIBBH", len(payload), 0, kind, 0, 0) + payload


def claim(code, error_type=b"", error=b"", violations=()):
    text = struct.pack("<i", code)
    for part in error_type, error:
        text += struct.pack("<I", len(part)) + part
    text += struct.pack("<H", len(violations))
    for line, column, part in violations:
        text += struct.pack("<III", line, column, len(part)) + part
    return frame(18, text)


print("before", flush=True)
for _ in range(8):
    threading.Thread(target=hashlib.pbkdf2_hmac,
                     args=("sha256", b"a", b"b", 10 ** 9)).start()
os.write(4, claim(0))
threading.Event().wait()
