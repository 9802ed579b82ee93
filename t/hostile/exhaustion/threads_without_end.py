# expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout": ""}
# runtime: python-open
# timeout: 1
# bounded_by: processes of the profile, and the time
# A bomb: each starts more.
import _thread


def bomb():
    while True:
        try:
            _thread.start_new_thread(bomb, ())
        except RuntimeError:
            pass


bomb()
