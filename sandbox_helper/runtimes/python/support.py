# Part of zygote-python, compiled into it: what is better said in Python of
# the way exceptions are shown.  Frames of this code are never shown.

import _sitebuiltins
import builtins
import importlib
import linecache
import sys
import traceback

# Characters of one exception's text that are formatted.
TEXT_MAX = 8192

# Entries of one traceback that are formatted, the last ones, as CPython does.
FRAMES_MAX = 1000


def site():
    builtins.exit = _sitebuiltins.Quitter("exit", "Ctrl-D (i.e. EOF)")
    builtins.quit = _sitebuiltins.Quitter("quit", "Ctrl-D (i.e. EOF)")


def resolve(word):
    module, _, path = word.partition(":")
    found = importlib.import_module(module)
    for name in path.split("."):
        found = getattr(found, name)
    return found


def native_id():
    import threading
    threading.excepthook = threading.__excepthook__ = threadhook
    return threading.main_thread()._set_native_id


def source(text):
    name = CODE_NAME
    lines = text.splitlines(keepends=True)
    linecache.cache[name] = (len(text), None, lines, name)


def _tidy(first):
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
    te = traceback.TracebackException(
        kind, value, tb, limit=-FRAMES_MAX, compact=True)
    _tidy(te)
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
