# expect: {"status": "failed", "stdout": "ok\n", "error_type": "KeyboardInterrupt", "stderr_has": "KeyboardInterrupt"}
# runtime: python-open
import faulthandler
import os
import signal
import threading
import time

# A program starts with every signal to be had.
assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == set()

got = []


def handler(signo, frame):
    got.append(signal.Signals(signo).name)


for signo in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT,
              signal.SIGUSR2, signal.SIGCHLD, signal.SIGRTMAX):
    default = signal.signal(signo, handler)
    os.kill(os.getpid(), signo)
    signal.raise_signal(signo)
    signal.pthread_kill(threading.get_ident(), signo)
    assert got == [signo.name] * 3, (signo, got)
    got.clear()
    signal.signal(signo, default)

signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
while len(got) < 3:
    signal.pause()
assert signal.setitimer(signal.ITIMER_REAL, 0)[1] == 0.001
assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
got.clear()

signal.signal(signal.SIGVTALRM, handler)
signal.setitimer(signal.ITIMER_VIRTUAL, 0.001)
while not got:
    pass
assert got == ["SIGVTALRM"]

signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])
os.kill(os.getpid(), signal.SIGUSR2)
assert signal.sigpending() == {signal.SIGUSR2}
assert signal.sigwait([signal.SIGUSR2]) == signal.SIGUSR2
assert signal.sigtimedwait([signal.SIGUSR2], 0.001) is None
os.kill(os.getpid(), signal.SIGUSR2)
assert signal.sigwaitinfo([signal.SIGUSR2]).si_pid == os.getpid()

r, w = os.pipe2(os.O_NONBLOCK)
signal.set_wakeup_fd(w)
signal.raise_signal(signal.SIGALRM)
assert os.read(r, 9) == bytes([signal.SIGALRM])
signal.set_wakeup_fd(-1)


class Late(Exception):
    pass


def late(signo, frame):
    raise Late


signal.signal(signal.SIGALRM, late)
signal.setitimer(signal.ITIMER_REAL, 0.001)
try:
    time.sleep(60)
except Late:
    pass

with open("/tmp/traceback", "w+") as f:
    faulthandler.dump_traceback(f)
    f.seek(0)
    assert "most recent call first" in f.read()
print("ok")
signal.raise_signal(signal.SIGINT)
