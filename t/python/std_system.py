# expect: {"status": "completed", "stdout": "ok\n", "stderr_has": "to stderr", "exit_code": 0}
# runtime: python-open
# args: ["-v", "file"]
# stdin: "first\nsecond\n"
import argparse
import datetime
import errno
import getopt
import getpass
import locale
import logging
import os
import pathlib
import platform
import resource
import sched
import shutil
import sys
import sysconfig
import threading
import time
import zoneinfo

assert os.environ.get("HOME") is None and os.getpid() == 1
assert os.getuid() == os.geteuid() and os.getgroups() == []
assert os.getppid() == 0 and os.getpgid(0) == 1 and os.getsid(0) == 1
assert os.cpu_count() >= 1 and len(os.sched_getaffinity(0)) >= 1
assert len(os.getrandom(8)) == len(os.urandom(8)) == 8
assert os.getrandom(8) != os.getrandom(8)
assert os.getloadavg() and os.times().user >= 0 and os.getpriority(0, 0) == 0
assert os.uname().nodename == platform.node() == "cell"
assert platform.system() == "Linux" and platform.python_version()[:2] == "3."
assert platform.machine() and platform.platform() and platform.libc_ver()
assert os.sysconf("SC_PAGESIZE") == resource.getpagesize()
assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0
assert resource.getrlimit(resource.RLIMIT_NOFILE)[1] == 256
# Where a slot has a uid of its own, which is where root started all.
assert os.getuid() == 0 or resource.getrlimit(resource.RLIMIT_NPROC) == (65, 65)
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 128))
try:
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 256))
except ValueError as e:
    assert "not allowed to raise" in str(e)
assert os.umask(0o022) == 0o077 and os.strerror(errno.EPERM)
os.environ["OWN"] = "value"
assert os.getenv("OWN") == "value" and os.path.expandvars("$OWN") == "value"
assert shutil.get_terminal_size() == (80, 24)
assert sysconfig.get_path("stdlib") == "/usr/lib/python3.11"
assert os.path.abspath("x") == os.path.join(os.getcwd(), "x")

# Nobody has a name or a home.
for nobody, error in ((getpass.getuser, KeyError),
                      (pathlib.Path.home, RuntimeError),
                      (os.getlogin, OSError)):
    try:
        nobody()
    except error:
        pass
    else:
        assert False, nobody

assert sys.argv[1:] == ["-v", "file"]
parser = argparse.ArgumentParser(prog="program")
parser.add_argument("-v", action="store_true")
parser.add_argument("file")
args = parser.parse_args()
assert args.v and args.file == "file" and "usage" in parser.format_help()
assert getopt.getopt(sys.argv[1:], "v") == ([("-v", "")], ["file"])
assert input() == "first" and sys.stdin.read() == "second\n"

before = time.monotonic(), time.perf_counter(), time.process_time()
time.sleep(0.001)
assert time.monotonic() > before[0] and time.perf_counter_ns() > 0
assert time.thread_time() >= 0 and time.time_ns() > 1700000000 * 10**9
for clock in "monotonic", "perf_counter", "process_time", "thread_time", "time":
    assert time.get_clock_info(clock).resolution < 0.1
assert time.clock_gettime(time.CLOCK_BOOTTIME) > 0
assert time.clock_getres(time.CLOCK_MONOTONIC) > 0
moment = time.gmtime(86400)
assert time.strftime("%Y-%m-%d %H:%M %a %b", moment) == \
    "1970-01-02 00:00 Fri Jan"
assert time.strptime("2 Jan 1970", "%d %b %Y").tm_yday == 2
assert time.mktime(time.localtime(1000)) == 1000 and time.ctime(0)

zone = zoneinfo.ZoneInfo("America/New_York")
summer = datetime.datetime(2024, 7, 1, 12, tzinfo=zone)
assert summer.utcoffset() == datetime.timedelta(hours=-4)
assert summer.astimezone(zoneinfo.ZoneInfo("Asia/Tokyo")).hour == 1
assert len(zoneinfo.available_timezones()) > 400
try:
    zoneinfo.ZoneInfo("Nowhere/City")
except zoneinfo.ZoneInfoNotFoundError:
    pass
os.environ["TZ"] = "Europe/Paris"
time.tzset()
assert time.tzname == ("CET", "CEST") and time.localtime(0).tm_hour == 1

assert locale.setlocale(locale.LC_ALL, "C") == "C"
assert locale.localeconv()["decimal_point"] == "."
assert locale.format_string("%d", 12345, grouping=True) == "12345"
assert locale.getpreferredencoding().upper() == "UTF-8"
try:
    locale.setlocale(locale.LC_ALL, "de_DE.UTF-8")
except locale.Error:
    pass

log = logging.getLogger("log")
handler = logging.FileHandler("/tmp/log")
handler.setFormatter(logging.Formatter("%(levelname)s %(threadName)s "
                                       "%(process)d %(message)s"))
log.addHandler(handler)
log.warning("said %s", "so")
with open("/tmp/log") as f:
    assert f.read() == "WARNING MainThread 1 said so\n"
logging.basicConfig(level=logging.INFO)
logging.info("to stderr")

order = []
scheduler = sched.scheduler()
scheduler.enter(0.002, 1, order.append, ("b",))
scheduler.enter(0.001, 1, order.append, ("a",))
scheduler.run()
assert order == ["a", "b"] and threading.main_thread().ident
print("ok")
