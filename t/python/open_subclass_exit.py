# runtime: python-open
# expect: {"status": "failed", "stdout": "", "exit_code": 4, "error_type": ""}
import os


class Leave(SystemExit):
    pass


raise Leave(4)
