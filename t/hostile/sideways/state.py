# expect: {"status": "completed", "stdout": "[]\n", "exit_code": 0}
# runtime: python-open
# bounded_by: a cell is used once
# What another could have changed for those who come after, and what is
# changed here for them.
import builtins
import decimal
import gc
import locale
import os
import random
import signal
import socket
import sys
import threading
import time
import warnings

odd = [name for name, well in (
    ("mask", not signal.pthread_sigmask(signal.SIG_BLOCK, [])),
    ("pending", not signal.sigpending()),
    ("timers", signal.getitimer(signal.ITIMER_REAL) == (0, 0)),
    ("handlers", [n for n in range(1, 65) if signal.getsignal(n) not in
                  (signal.SIG_DFL, signal.SIG_IGN, None,
                   signal.default_int_handler)] == []),
    ("umask", os.umask(0o77) == 0o77),
    ("folder", os.getcwd() == "/tmp"),
    ("priority", os.getpriority(0, 0) == 0),
    ("recursion", sys.getrecursionlimit() == 1000),
    ("switch", sys.getswitchinterval() == 0.005),
    ("digits", sys.get_int_max_str_digits() == 4300),
    ("threads", threading.active_count() == 1),
    ("collector", gc.isenabled() and gc.get_threshold() == (700, 10, 10)),
    ("precision", decimal.getcontext().prec == 28),
    ("locale", locale.setlocale(locale.LC_NUMERIC) == "C"),
    ("zone", time.timezone == 0),
    ("builtins", not hasattr(builtins, "left")),
    ("hook", sys.excepthook is sys.__excepthook__),
    ("path", sys.path.count("/tmp") == 1 and "/left" not in sys.path),
    ("timeout", socket.getdefaulttimeout() is None),
    ("filters", len(warnings.filters) < 10),
) if not well]
print(odd)
builtins.left = sys.left = "cr-hostile-marker"
random.seed(1)
sys.setrecursionlimit(50)
sys.setswitchinterval(10)
sys.path.insert(0, "/left")
gc.disable()
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
signal.setitimer(signal.ITIMER_REAL, 30)
os.chdir("/")
os.umask(0)
