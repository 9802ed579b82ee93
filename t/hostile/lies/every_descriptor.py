# expect: {"status": "failed", "error_type": "SandboxError", "error": "the program forged its result", "stdout": "garbage\n", "stderr": "garbage\n"}
# runtime: python-open
# bounded_by: a cell has five pipes of its own
# A line to all there are, and to all there could be.
import os

for descriptor in range(1024):
    try:
        os.write(descriptor, b"garbage\n" + bytes(range(256)) * 20
                 if descriptor > 2 else b"garbage\n")
    except OSError:
        pass
