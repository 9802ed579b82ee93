# Part of zygote-python, compiled into it: modules that a profile wants warm
# where they are installed, and what they need to be at home in a cell.

import builtins
import contextlib
import copy
import importlib
import importlib.machinery
import importlib.util
import io
import os
import sys

# Warnings of Matplotlib's are of the line that called what has such a name.
__name__ = "matplotlib.runtime"

# The folder that a cell may write to.
FOLDER = "/tmp"

absent = []         # packages that are not installed, or cannot be imported
seen = set()        # the others
held = {}           # modules by their name
reseeds = []        # functions that a cell calls before it has those
figures = 0         # that were shown


def machine_code(package):
    """The names of a package's modules of machine code, but for its tests."""
    top = package.__name__
    suffixes = tuple(importlib.machinery.EXTENSION_SUFFIXES)
    for root in getattr(package, "__path__", ()):
        for folder, folders, files in os.walk(root):
            folders[:] = sorted(f for f in folders if "test" not in f)
            below = os.path.relpath(folder, root).replace(os.sep, ".")
            prefix = top if below == "." else f"{top}.{below}"
            for file in sorted(files):
                if file.endswith(suffixes) and "test" not in file:
                    yield f"{prefix}.{file.partition('.')[0]}"


def warm_package(name):
    package = importlib.import_module(name)
    before.get(name, lambda module: None)(package)
    for module in machine_code(package):
        # Some are for what is not here: Tk, another package.
        try:
            importlib.import_module(module)
        except ImportError:
            pass


def warm_word(word):
    top = word.partition(".")[0]
    if top in absent:
        return
    try:
        if top not in seen:
            if importlib.util.find_spec(top) is None:
                absent.append(top)
                return
            seen.add(top)
            warm_package(top)
        importlib.import_module(word)
    except Exception as error:
        absent.append(top)
        print(f"{word} cannot be imported: {type(error).__name__}: {error}",
              file=sys.stderr)


def warm(words, environment):
    """Imports what is installed of the words.  A cell maps no new code: all
    of a package's own is mapped now, whatever a program will ask for."""
    # Libraries look there when they are loaded; a program finds nothing.
    settings = dict(pair.split("=", 1) for pair in environment.split())
    os.environ.update(settings)
    for word in words.split():
        warm_word(word)
    for name in settings:
        del os.environ[name]
    if absent:
        print("not installed, programs do without:", *absent, file=sys.stderr)
    for name, act in after.items():
        if name in sys.modules:
            act(sys.modules[name])
    hold()


def resolve(word):
    """A function that every cell calls, by its name, as module:name.name;
    None where no cell needs to: of a module that is not warm each cell has
    its own."""
    module, _, path = word.partition(":")
    found = held.get(module) or sys.modules.get(module)
    if found is None:
        return None
    for name in path.split("."):
        found = getattr(found, name)
    if module in held:
        reseeds.append(found)
        return None
    return found


# A program that imports none of these pays for none of it: they are out of
# sight until the first is imported.

class Held:
    """Finds and loads what is loaded and was held back: all at once."""

    def find_spec(self, name, path=None, target=None):
        if name not in held:
            return None
        spec = copy.copy(held[name].__spec__)
        spec.loader = self
        return spec

    def create_module(self, spec):
        self.spec = held[spec.name].__spec__
        return held[spec.name]

    def exec_module(self, module):
        module.__spec__ = self.spec
        sys.meta_path.remove(self)
        for reseed in reseeds:
            reseed()
        sys.modules.update(held)


def hold():
    # The standard library's are shared with programs and other modules.
    for name in list(sys.modules):
        if name.partition(".")[0] not in known:
            held[name] = sys.modules.pop(name)
    sys.meta_path.insert(0, Held())


# Matplotlib.

class NoTimer:
    """It would say in five seconds that fonts are looked for, from a thread."""

    def __init__(self, *args):
        pass

    def start(self):
        pass

    cancel = start


def open_nowhere(path, *args, **kwargs):
    if str(path).startswith(FOLDER):
        return io.StringIO()
    return io.open(path, *args, **kwargs)


@contextlib.contextmanager
def replaced(owner, name, value):
    before = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)


def before_matplotlib(matplotlib):
    """It wants a folder of its user's to keep the list of fonts in.  In place
    of that it finds the list in memory, as the zygote made it."""
    import threading
    import matplotlib.cbook as cbook

    matplotlib.get_configdir = matplotlib.get_cachedir = lambda: FOLDER

    with (replaced(threading, "Timer", NoTimer),
          replaced(cbook, "_lock_path", contextlib.nullcontext),
          replaced(builtins, "open", open_nowhere)):
        import matplotlib.font_manager


def save(figure):
    """A figure is shown by its being a file that goes with the result."""
    global figures
    while True:
        figures += 1
        path = f"{FOLDER}/figure-{figures}.png"
        if not os.path.exists(path):
            break
    figure.savefig(path)
    shown()


def after_pyplot(pyplot):
    """There is nobody to show a window to, and nothing to wait for until it
    is closed."""
    def show(*args, **kwargs):
        for number in pyplot.get_fignums():
            save(pyplot.figure(number))
        pyplot.close("all")

    show.__doc__ = pyplot.show.__doc__
    pyplot.show = show

    bases = sys.modules["matplotlib.backend_bases"]
    bases.FigureManagerBase.show = lambda manager: save(manager.canvas.figure)

    # The first figure looks for its fonts and reads them.
    pyplot.plot([1, 1e6], [1, 2], label="$x$")
    pyplot.semilogx()
    pyplot.title("t")
    pyplot.legend()
    pyplot.savefig(io.BytesIO())
    pyplot.close("all")

    # A font is an open file, which a cell has not.
    fonts = sys.modules["matplotlib.font_manager"]
    texts = sys.modules["matplotlib.mathtext"]
    fonts._get_font.cache_clear()
    texts.MathTextParser._parse_cached.cache_clear()


known = sys.stdlib_module_names | set(sys.modules)
before = {"matplotlib": before_matplotlib}
after = {"matplotlib.pyplot": after_pyplot}
