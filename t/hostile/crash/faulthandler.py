# expect: {"status": "failed", "signal": "SIGSEGV", "stderr_has": ["Fatal Python error: Segmentation fault", " in inner", " in outer"]}
# runtime: python-open
# bounded_by: a cell is its own process and used once
# With a handler of its own, that tells where.
import ctypes
import faulthandler


class Stderr:
    def fileno(self):
        return 2


faulthandler.enable(Stderr())


def inner():
    ctypes.string_at(0)


def outer():
    inner()


outer()
