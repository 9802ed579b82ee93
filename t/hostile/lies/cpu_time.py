# expect: {"status": "completed", "exit_code": 0, "cpu_time_ms_min": 100, "execution_time_ms_min": 100}
# runtime: python-open
# bounded_by: times are the kernel's word
# Work behind a claim that says nothing of it: the bill comes all the same.
import os
import struct
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


while time.process_time() < 0.15:
    pass
os.write(4, claim(0))
time.sleep(60)
