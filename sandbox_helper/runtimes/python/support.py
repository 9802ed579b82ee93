# Part of zygote-python, compiled into it: what is better said in Python of
# the way exceptions are shown.  Frames of this code are never shown.

import _sitebuiltins
import atexit
import builtins
import linecache
import os
import sys
import traceback
import warnings

# Characters of one exception's text that are formatted.
TEXT_MAX = 8192

# Entries of one traceback that are formatted, the last ones, as CPython does.
FRAMES_MAX = 1000


def site():
    builtins.exit = _sitebuiltins.Quitter("exit", "Ctrl-D (i.e. EOF)")
    builtins.quit = _sitebuiltins.Quitter("quit", "Ctrl-D (i.e. EOF)")


class PipeEnd:
    """What asyncio uses of a socket to wake itself up, over a pipe."""

    def __init__(self, fd):
        self.fd = fd

    def fileno(self):
        return self.fd

    def send(self, data):
        return os.write(self.fd, data)

    def recv(self, size):
        return os.read(self.fd, size)

    def close(self):
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1


def make_self_pipe(loop):
    """In place of asyncio's own: a cell has no sockets at all."""
    loop._ssock, loop._csock = map(
        PipeEnd, os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC))
    loop._internal_fds += 1
    loop._add_reader(loop._ssock.fileno(), loop._read_from_self)


def mend_asyncio():
    events = sys.modules.get("asyncio.selector_events")
    if events is not None:
        events.BaseSelectorEventLoop._make_self_pipe = make_self_pipe


class SemLock:
    """A semaphore of multiprocessing's, as far as threads go: a cell has no
    processes to share one with and no /dev/shm to keep one in, but pools and
    queues of threads are made of these as well."""

    SEM_VALUE_MAX = 2**31 - 1
    handle = 0

    def __init__(self, kind, value, maxvalue, name, unlink):
        import threading
        self.kind = kind
        self.maxvalue = maxvalue
        self.name = None if unlink else name
        self._ident = threading.get_ident
        self._changed = threading.Condition(threading.Lock())
        self._value = value
        self._owner = None
        self._held = 0

    def acquire(self, block=True, timeout=None):
        recursive = self.kind == 0
        if recursive and self._is_mine():
            self._held += 1
            return True
        if not block:
            timeout = 0
        elif timeout is not None:
            timeout = max(timeout, 0)
        with self._changed:
            if not self._changed.wait_for(lambda: self._value > 0, timeout):
                return False
            self._value -= 1
            self._owner = self._ident()
            self._held += 1
        return True

    def release(self):
        recursive = self.kind == 0
        with self._changed:
            if recursive:
                if not self._is_mine():
                    raise AssertionError("attempt to release recursive lock"
                                         " not owned by thread")
                if self._held > 1:
                    self._held -= 1
                    return
            elif self._value >= self.maxvalue:
                raise ValueError("semaphore or lock released too many times")
            self._value += 1
            self._held -= 1
            self._changed.notify()

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *args):
        self.release()

    def _count(self):
        return self._held

    def _is_mine(self):
        return self._held > 0 and self._owner == self._ident()

    def _get_value(self):
        return self._value

    def _is_zero(self):
        return self._value == 0

    def _after_fork(self):
        pass


def mend_multiprocessing():
    machine = sys.modules.get("_multiprocessing")
    if machine is not None:
        machine.SemLock = SemLock


def callbacks():
    """What the end of Python would call, as a number that changes with it."""
    logging = sys.modules.get("logging")
    return (atexit._ncallbacks(),
            len(logging._handlerList) if logging is not None else 0)


def idle():
    """Whether nothing waits for the end of a program."""
    threading = sys.modules["threading"]
    # One lock is the main thread's own.
    return (len(threading._active) == 1
            and len(threading._shutdown_locks) <= 1
            and callbacks() == callbacks_warm)


def warmed():
    global callbacks_warm
    mend_asyncio()
    mend_multiprocessing()
    callbacks_warm = callbacks()


def main_thread():
    import threading
    threading.excepthook = threading.__excepthook__ = threadhook
    return threading.main_thread()


def lines(text):
    """The program's lines for tracebacks, parted as the tokenizer does."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.endswith("\n"):
        text += "\n"
    return [line + "\n" for line in text.split("\n")[:-1]]


class Lines:
    """A tracebacks' cache entry that costs nothing until it is looked at."""

    def __len__(self):
        return 4

    def __iter__(self):
        return iter(self.make())

    def __getitem__(self, i):
        return self.make()[i]

    def make(self):
        made = lines(program_text())
        entry = (sum(map(len, made)), None, made, CODE_NAME)
        linecache.cache[CODE_NAME] = entry
        return entry


def forget():
    """Before a program starts: what a rehearsal left behind."""
    linecache.cache[CODE_NAME] = Lines()


def complete(error):
    """Python's compiler looks for the line in a file, which there is not."""
    if error.text is None and error.filename == CODE_NAME and error.lineno:
        error.text = linecache.getline(CODE_NAME, error.lineno)


def tidy(first):
    todo = [first]
    while todo:
        te = todo.pop()
        if te is None:
            continue
        if any(f.filename == OUR_NAME for f in te.stack):
            te.stack[:] = [f for f in te.stack if f.filename != OUR_NAME]
        if te._str is not None and len(te._str) > TEXT_MAX:
            te._str = te._str[:TEXT_MAX] + "..."
        todo += (te.__cause__, te.__context__)
        todo += te.exceptions or ()


def excepthook(kind, value, tb):
    file = sys.stderr
    if file is None:
        return
    if isinstance(value, SyntaxError):
        complete(value)
    te = traceback.TracebackException(
        kind, value, tb, limit=-FRAMES_MAX, compact=True)
    tidy(te)
    file.write("".join(te.format()))
    file.flush()


def threadhook(args):
    if args.exc_type is SystemExit:
        return
    file = sys.stderr
    if file is None:
        return
    name = args.thread.name if args.thread is not None else "?"
    file.write(f"Exception in thread {name}:\n")
    excepthook(args.exc_type, args.exc_value, args.exc_traceback)


def unraisablehook(args):
    file = sys.stderr
    if file is None:
        return
    text = args.err_msg or "Exception ignored in"
    if args.object is not None:
        try:
            text += f": {args.object!r}"
        except Exception:
            text += ": <object repr() failed>"
    file.write(text + "\n")
    excepthook(args.exc_type, args.exc_value, args.exc_traceback)


def hookfailed(error, value):
    file = sys.stderr
    if file is None:
        return
    file.write("Error in sys.excepthook:\n")
    excepthook(type(error), error, error.__traceback__)
    file.write("\nOriginal exception was:\n")
    excepthook(type(value), value, value.__traceback__)


sys.excepthook = sys.__excepthook__ = excepthook
sys.unraisablehook = sys.__unraisablehook__ = unraisablehook
