# expect: {"status": "failed", "exit_code": 1, "stderr_has": "Timeout (0:00:00.1"}
# runtime: python-open
# bounded_by: a cell is its own process and used once
# A thread of C's that ends the process, while the program sleeps.
import faulthandler
import time


class Stderr:
    def fileno(self):
        return 2


faulthandler.dump_traceback_later(0.1, exit=True, file=Stderr())
time.sleep(60)
