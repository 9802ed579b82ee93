# expect: {"status": "completed", "exit_code": 0, "stdout": ""}
# runtime: python-open
# bounded_by: the first claim ends the cell
import os
import struct
import threading
import time


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


def say():
    time.sleep(0.05)
    os.write(4, claim(0))


threading.Thread(target=say).start()
threading.Event().wait()
