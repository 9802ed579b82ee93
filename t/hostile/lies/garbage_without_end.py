# expect: {"status": "failed", "error_type": "SandboxError", "error": "the program forged its result"}
# runtime: python-open
# bounded_by: a forged frame ends the cell
# Into the result pipe, from all threads.
import os
import threading


def write():
    while True:
        os.write(4, os.urandom(65536))


for _ in range(4):
    threading.Thread(target=write).start()
