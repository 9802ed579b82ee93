# expect: {"status": "completed", "stdout": "refused\n"}
# runtime: python-open
# stopped_by: seccomp
# Machine code from a file: a library that the zygote has not loaded.
import ctypes
import glob

known = {name.rsplit("/")[-1] for name in
         glob.glob("/usr/lib/x86_64-linux-gnu/libBrokenLocale.so*")}
try:
    ctypes.CDLL(sorted(known)[0])
    print("ESCAPED")
except OSError:
    print("refused")
