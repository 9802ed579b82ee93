# expect: {"status": "completed", "stdout": "ok\n", "exit_code": 0}
# runtime: python-open
import importlib
import sys
import warnings

warnings.simplefilter("ignore")

# Of other systems.
ELSEWHERE = {
    "_msi", "_overlapped", "_scproxy", "_winapi", "msilib", "msvcrt", "nt",
    "winreg", "winsound",
}

# In Debian packages of their own, which may not be installed: Tk and what is
# drawn with it, GNU dbm, and what installs or rewrites programs.
APART = {
    "_gdbm", "_tkinter", "distutils", "ensurepip", "idlelib", "lib2to3",
    "tkinter", "turtle", "turtledemo",
}

# Machine code that is not warm, and a cell maps none: the network's user
# database, a sound card's, a terminal's.
COLD = {"nis", "ossaudiodev", "readline"}

# These print, or open a browser.
LOUD = {"antigravity", "this"}

wrong = []

for name in sorted(sys.stdlib_module_names - LOUD):
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as e:
        if name not in ELSEWHERE | APART or e.name not in ELSEWHERE | APART:
            wrong.append((name, e))
    except ImportError as e:
        if name not in APART | COLD or "failed to map segment" not in str(e):
            wrong.append((name, e))
    except BaseException as e:
        wrong.append((name, e))
    else:
        if name in ELSEWHERE | COLD:
            wrong.append((name, "is there after all"))

for line in wrong:
    print(*line)

print("ok")
