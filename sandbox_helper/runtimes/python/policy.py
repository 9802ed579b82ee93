# Part of zygote-python, compiled into it: the source policy of a profile.
#
# It makes clear errors of what a program must not do, and is not the wall:
# a cell is confined by the kernel whatever its program finds in Python.  So
# what a rule would cost honest programs weighs more here than what it misses.
#
# C (py_policy.c) calls configure() in the zygote; in a cell check(), and the
# functions below that a program's guarded builtins need.

import _string
import ast
import builtins
import itertools
import linecache
import operator
import re
import string
import sys
import types

VIOLATIONS_MAX = 32
MESSAGE_MAX = 250

allowed = {}        # names of modules, in the profile's order
blocked = set()     # builtins that only raise
dunders = set()     # attributes with two underscores that may be used
attributes = set()  # others that may not
facades = {}        # by the module's name


class SecurityError(Exception):
    """The program did what its runtime's policy does not allow."""


SecurityError.__module__ = "builtins"


# What is not allowed, and what is.

def shorten(text):
    if len(text) <= MESSAGE_MAX:
        return text
    return text[:MESSAGE_MAX - 4].rsplit(" ", 1)[0] + " ..."


def import_message(name):
    names = " ".join(n for n in allowed if not n.startswith("_"))
    return shorten(f"import of '{name[:80]}' is not allowed; "
                   f"allowed modules: {names}")


def member_message(module, name):
    names = " ".join(facades[module].__all__) if module in facades else ""
    return shorten(f"'{name[:60]}' of module '{module[:60]}' is not allowed; "
                   f"allowed are its public names: {names}")


def builtin_message(name):
    names = " ".join(sorted(blocked))
    return shorten(f"use of '{name[:60]}' is not allowed; "
                   f"allowed are all built-in functions but: {names}")


def attribute_message(name):
    if is_dunder(name):
        return shorten(f"attribute '{name[:80]}' is not allowed; allowed are "
                       "names without double underscores and the usual ones "
                       "with them, as __init__, __name__, __class__")
    return shorten(f"attribute '{name[:80]}' is not allowed; allowed are all "
                   "that do not belong to frames, tracebacks and generators")


def is_dunder(name):
    return len(name) > 4 and name[:2] == "__" and name[-2:] == "__"


def attribute_blocked(name):
    if is_dunder(name):
        return name not in dunders
    return name in attributes


def import_allowed(name):
    """A module of the list, or a public one below it."""
    while name not in allowed:
        name, _, last = name.rpartition(".")
        if not name or last.startswith("_"):
            return False
    return True


# Facades: what a program gets for a module.

def public(real, name):
    """The names of a module that are its own and meant for others."""
    own = getattr(real, "__name__", name)
    listed = getattr(real, "__all__", None)
    names = [n for n in listed or () if isinstance(n, str)]
    for n, value in vars(real).items():
        if n.startswith("_") or n in names:
            continue
        if isinstance(value, types.ModuleType):
            continue
        if listed is None or isinstance(value, (int, float, str)):
            names.append(n)
        elif getattr(value, "__module__", None) in (name, own):
            names.append(n)
    return names


def facade(name):
    real = sys.modules[name]
    made = types.ModuleType(name, real.__doc__)
    facades[name] = made
    space = vars(made)
    space["__package__"] = getattr(real, "__package__", None)
    space["__all__"] = names = []
    for n in public(real, name):
        value = overrides.get((name, n)) or getattr(real, n, None)
        if isinstance(value, types.ModuleType):
            continue
        if hasattr(real, n):
            space[n] = value
            names.append(n)
    for n in ("__version__", "__author__"):
        if isinstance(getattr(real, n, None), str):
            space[n] = getattr(real, n)
    for n, value in list(vars(real).items()):
        if (isinstance(value, types.ModuleType) and not n.startswith("_")
                and sys.modules.get(f"{name}.{n}") is value):
            space[n] = facades.get(f"{name}.{n}") or facade(f"{name}.{n}")
    space["__getattr__"] = hidden_getter(name)
    return made


def load(name):
    """Imports a module for a program and answers its facade."""
    if not import_allowed(name):
        raise SecurityError(import_message(name))
    builtins.__import__(name)
    if name not in facades:
        facade(name)
    hang(name)
    return facades[name]


def hang(name):
    """Makes a facade an attribute of its parent's, as an import does."""
    head, _, last = name.rpartition(".")
    if not head:
        return
    if import_allowed(head):
        load(head)
    elif head not in facades:
        # Not allowed itself: it shows what is below it and allowed.
        facades[head] = types.ModuleType(head)
        vars(facades[head])["__all__"] = []
        hang(head)
    vars(facades[head])[last] = facades[name]


def load_member(module, name):
    """For "from module import name": perhaps a submodule, still to load."""
    if (name.startswith("_") or hasattr(sys.modules[module], name)
            or not hasattr(sys.modules[module], "__path__")):
        return
    try:
        load(f"{module}.{name}")
    except ModuleNotFoundError:
        pass


def hidden(module, name):
    """What a facade answers for a name that it has not."""
    real = sys.modules.get(module)
    if not is_dunder(name) and hasattr(real, name):
        raise SecurityError(member_message(module, name))
    raise AttributeError(f"module '{module}' has no attribute '{name}'")


# Replacements for what reaches attributes by their names.

def path_check(path):
    if isinstance(path, str):
        for name in str.split(path, "."):
            if attribute_blocked(name):
                raise SecurityError(attribute_message(name))


class attrgetter:
    __doc__ = operator.attrgetter.__doc__

    def __new__(cls, *names):
        for name in names:
            path_check(name)
        return operator.attrgetter(*names)


class methodcaller:
    __doc__ = operator.methodcaller.__doc__

    def __new__(cls, *args, **kwargs):
        if args:
            path_check(args[0])
        return operator.methodcaller(*args, **kwargs)


class Formatter(string.Formatter):
    __doc__ = string.Formatter.__doc__

    def get_field(self, field_name, args, kwargs):
        for is_attribute, name in _string.formatter_field_name_split(
                field_name)[1]:
            if is_attribute and attribute_blocked(name):
                raise SecurityError(attribute_message(name))
        return super().get_field(field_name, args, kwargs)


overrides = {
    ("operator", "attrgetter"): attrgetter,
    ("operator", "methodcaller"): methodcaller,
    ("string", "Formatter"): Formatter,
}

attrgetter.__module__ = methodcaller.__module__ = "operator"
Formatter.__module__ = "string"


# What the library does with names and texts that a program gives it.

class Modules:
    """sys.modules as a program may see it: the facades, and its own."""

    def __init__(self, *needed):
        self.needed = needed

    def get(self, name, default=None):
        if name == "__main__" or name in self.needed:
            return sys.modules.get(name, default)
        return facades.get(name, default)

    def __getitem__(self, name):
        found = self.get(name)
        if found is None:
            raise KeyError(name)
        return found

    def __contains__(self, name):
        return self.get(name) is not None


def program_space(space):
    """What a program's text may see when the library evaluates it."""
    own = space.get("__builtins__")
    return {} if own is builtins or own is vars(builtins) else space


def eval_within(code, space, local):
    space = program_space(space)
    space.setdefault("__builtins__", program_builtins)
    return eval(code, space, program_space(local))


def exec_within(text, space, local):
    space = program_space(space)
    space.setdefault("__builtins__", program_builtins)
    exec(text, space, local)


def sys_view(*needed):
    view = types.ModuleType("sys")
    vars(view).update(vars(sys))
    view.modules = Modules(*needed)
    return view


def mend_library():
    """Modules that look for a module by a name that a program gave, or run a
    text that is made of one."""
    for name, what, needed in (
            ("collections", "_sys", ()), ("enum", "sys", ()),
            ("typing", "sys", ()),
            ("dataclasses", "sys", ("typing", "dataclasses"))):
        if name in sys.modules:
            setattr(sys.modules[name], what, sys_view(*needed))
    if "typing" in sys.modules:
        sys.modules["typing"].eval = eval_within
        hide(sys.modules["typing"].ForwardRef, "__forward_code__")
    if "dataclasses" in sys.modules:
        sys.modules["dataclasses"].exec = exec_within


# The check of a program's source.

def nodes_of(tree):
    """All nodes, as ast.walk() but for its price."""
    found = [tree]
    for node in found:
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                found += [v for v in value if isinstance(v, ast.AST)]
            elif isinstance(value, ast.AST) and name != "ctx":
                found.append(value)
    return found


class Checker:

    def __init__(self, text):
        # As Python's tokenizer counts lines.
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        self.lines = text.split("\n")
        self.tree = ast.parse(text, CODE_NAME)
        self.found = []
        self.bound = set()
        self.formats = False

    def run(self):
        nodes = nodes_of(self.tree)
        for node in nodes:
            self.bind(node)
        for node in nodes:
            method = self.methods.get(type(node))
            if method is not None:
                method(self, node)
        self.found.sort(key=lambda v: v[:2])
        return self.found[:VIOLATIONS_MAX]

    def bind(self, node):
        """Names that the program makes its own are not the built-in ones."""
        kind = type(node)
        if kind is ast.Name:
            if not isinstance(node.ctx, ast.Load):
                self.bound.add(node.id)
        elif kind is ast.arg:
            self.bound.add(node.arg)
        elif kind in (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef,
                      ast.ExceptHandler, ast.MatchAs, ast.MatchStar):
            self.bound.add(node.name)
        elif kind is ast.MatchMapping:
            self.bound.add(node.rest)
        elif kind is ast.alias:
            self.bound.add(node.asname or node.name.partition(".")[0])
        elif kind is ast.Attribute and node.attr in ("format", "format_map"):
            self.formats = True

    def column(self, line, offset):
        """From 1, in characters, of an offset in bytes."""
        raw = self.lines[line - 1].encode()[:offset]
        return len(raw.decode(errors="replace")) + 1

    def add(self, line, offset, message):
        self.found.append((line, self.column(line, offset), message))

    def add_attribute(self, node):
        """At the attribute's own name, the last of its expression."""
        line, end = node.end_lineno, node.end_col_offset
        raw = self.lines[line - 1].encode()[:end].decode(errors="replace")
        match = re.search(r"\w+$", raw)
        start = len(raw[:match.start()].encode()) if match else end
        self.add(line, start, attribute_message(node.attr))

    def Import(self, node):
        for alias in node.names:
            if not import_allowed(alias.name):
                self.add(alias.lineno, alias.col_offset,
                         import_message(alias.name))

    def ImportFrom(self, node):
        name = "." * node.level + (node.module or "")
        if node.level == 0 and import_allowed(name):
            for alias in node.names:
                self.member(name, alias)
            return
        line = self.lines[node.lineno - 1].encode()[node.col_offset:]
        match = re.match(rb"from\s*", line)
        self.add(node.lineno, node.col_offset + match.end(),
                 import_message(name))

    def member(self, module, alias):
        real = sys.modules.get(module)
        name = alias.name
        if name == "*" or module not in facades or name in vars(
                facades[module]):
            return
        if name.startswith("_") or hasattr(real, name):
            self.add(alias.lineno, alias.col_offset,
                     member_message(module, name))

    def Name(self, node):
        if node.id in self.bound and node.id not in ("__builtins__",
                                                     "__import__"):
            return
        if node.id in blocked or (is_dunder(node.id)
                                  and node.id not in dunders):
            self.add(node.lineno, node.col_offset, builtin_message(node.id))

    def Attribute(self, node):
        if not attribute_blocked(node.attr):
            return
        if node.attr == "__getattribute__" and self.is_own(node.value):
            return
        self.add_attribute(node)

    def is_own(self, node):
        """super() or object: how a class's own __getattribute__ goes on."""
        if isinstance(node, ast.Call):
            return isinstance(node.func, ast.Name) and node.func.id == "super"
        return isinstance(node, ast.Name) and node.id == "object"

    def MatchClass(self, node):
        for name, pattern in zip(node.kwd_attrs, node.kwd_patterns):
            if attribute_blocked(name):
                self.add(pattern.lineno, pattern.col_offset,
                         attribute_message(name))

    def Call(self, node):
        """A constant that names the attribute, as in getattr()."""
        func = node.func
        if isinstance(func, ast.Name):
            if func.id not in ("getattr", "hasattr", "setattr", "delattr"):
                return
        elif not (isinstance(func, ast.Attribute)
                  and func.attr == "__getattribute__"):
            return
        for arg in node.args[:2]:
            if (isinstance(arg, ast.Constant) and isinstance(arg.value, str)
                    and attribute_blocked(arg.value)):
                self.add(arg.lineno, arg.col_offset,
                         attribute_message(arg.value))

    def Constant(self, node):
        """Fields of str.format() reach attributes as well."""
        if not (self.formats and isinstance(node.value, str)
                and "{" in node.value and "." in node.value):
            return
        try:
            fields = [f for _, f, _, _ in string.Formatter().parse(node.value)]
            names = [n for f in fields if f
                     for is_attribute, n in
                     _string.formatter_field_name_split(f)[1] if is_attribute]
        except ValueError:
            return
        for name in names:
            if attribute_blocked(name):
                self.add(node.lineno, node.col_offset,
                         attribute_message(name))


Checker.methods = {getattr(ast, name): method
                   for name, method in vars(Checker).items()
                   if name[0].isupper()}


def check(text):
    """All violations of a program's source: (line, column, message)."""
    return Checker(text).run()


def show(text, found):
    """Tells them on stderr, in the form of Python's own syntax errors."""
    file = sys.stderr
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for line, column, message in found:
        source = lines[line - 1][:400]
        bare = source.lstrip(" \t\f")
        indent = column - 1 - (len(source) - len(bare))
        file.write(f'  File "{CODE_NAME}", line {line}\n    {bare}\n    '
                   + " " * max(indent, 0)
                   + f"^\nSecurityError: {message}\n")
    file.flush()


def where(tb):
    """Line and column of the program's innermost entry of a traceback."""
    inner = None
    while tb is not None:
        if tb.tb_frame.f_code.co_filename == CODE_NAME:
            inner = tb
        tb = tb.tb_next
    if inner is None:
        return 0, 0
    at = itertools.islice(inner.tb_frame.f_code.co_positions(),
                          inner.tb_lasti // 2, None)
    line, _, start, _ = next(at, (inner.tb_lineno, None, None, None))
    if line is None or start is None:
        return inner.tb_lineno, 0
    raw = linecache.getline(CODE_NAME, line).encode()[:start]
    return line, len(raw.decode(errors="replace")) + 1


def vars_message():
    return ("use of 'vars' without an argument is not allowed; "
            "allowed is vars(object)")


def configure(imports, builtins_blocked, builtins_absent, dunder_names,
              attributes_blocked):
    allowed.update(dict.fromkeys(imports.split()))
    blocked.update(builtins_blocked.split())
    dunders.update(dunder_names.split())
    attributes.update(attributes_blocked.split())
    for name in allowed:
        if name not in facades:
            load(name)
    space = dict(vars(builtins))
    for name in builtins_absent.split():
        space.pop(name, None)
    for name in ("__loader__", "__spec__", "__doc__", "__package__"):
        space.pop(name, None)
    space["SecurityError"] = SecurityError
    space.update(guards)
    for name in blocked - {"__import__"}:
        if name in space:
            space[name] = blocked_builtin(name)
    global program_builtins
    program_builtins = space
    mend_library()
    return space
