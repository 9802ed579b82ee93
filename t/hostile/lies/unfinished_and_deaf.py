# expect: {"status": "failed", "error_type": "TimeoutError", "stdout": "whole\n", "timed_out": true}
# runtime: python-open
# timeout: 1
# bounded_by: SIGKILL follows
# Who ignores the signal that asks for what is not written yet, loses it.
import io
import os
import signal
import time

signal.signal(signal.SIGUSR1, signal.SIG_IGN)
held = io.TextIOWrapper(io.BufferedWriter(io.FileIO(1, "w", closefd=False)))
os.write(1, b"whole\n")
held.write("held back")
time.sleep(60)
