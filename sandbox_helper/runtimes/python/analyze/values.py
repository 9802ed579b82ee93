# Part of zygote-python: what is known of a program's values.
#
# A number is a sum of symbols and a constant, so that n - (n - 3) is known to
# be 3; of a symbol it is known how it grows.  A sequence knows its length and
# one value that stands for each of its items.  Nothing here is a value of the
# program itself, which never runs.

from copy import copy

from .model import ONE, size

SMALL = 10 ** 9     # beyond, a number's own value is of no interest


class Sym:
    """Something not known: an input, a loop's variable, a merged value."""

    __slots__ = ("growth", "half", "rest", "alone", "loop", "named")

    def __init__(self, growth, half=(), rest=(), alone=False, loop=None):
        self.growth = growth
        self.half = half      # the symbols that it is a fraction of
        self.rest = rest      # those that it is a remainder by
        self.alone = alone    # an input that a line holds alone
        self.loop = loop      # the frame whose loop counts with it
        self.named = False


class Value:
    """Nothing is known of it."""

    __slots__ = ()


UNKNOWN = Value()


class Num(Value):

    __slots__ = ("parts", "const")

    def __init__(self, parts, const=0):
        self.parts = parts    # ((Sym, factor), ...)
        self.const = const

    def known(self):
        return not self.parts

    def growth(self):
        made = ONE
        for sym, _ in self.parts:
            made = made + sym.growth
        return made

    def syms(self):
        return [sym for sym, _ in self.parts]

    def only(self):
        """The one symbol that it is, or None."""
        if len(self.parts) == 1 and self.parts[0][1] == 1:
            return self.parts[0][0]
        return None

    def plus(self, other, factor=1):
        parts = dict(self.parts)
        for sym, k in other.parts:
            k = parts.get(sym, 0) + k * factor
            if k:
                parts[sym] = k
            else:
                parts.pop(sym, None)
        return Num(tuple(parts.items()), self.const + factor * other.const)

    def scaled(self, k):
        return Num(tuple((sym, f * k) for sym, f in self.parts)
                   if k else (), self.const * k)

    def same(self, other):
        return (self.const == other.const
                and dict(self.parts) == dict(other.parts))


def number(value):
    return Num((), value)


def grown(growth, **about):
    """A number of which nothing but its growth is known."""
    return Num(((Sym(growth, **about), 1),))


class Seq(Value):

    __slots__ = ("kind", "length", "elem", "key", "items", "total", "frames",
                 "line", "source", "held", "spread")

    def __init__(self, kind, length, elem=UNKNOWN, key=UNKNOWN, items=None):
        self.kind = kind          # list, str, tuple, set, dict, deque, iter
        self.length = length      # a Num
        self.elem = elem
        self.key = key
        self.items = items        # the items of a small tuple or list
        self.frames = ()          # the loops around its making
        self.line = 0
        self.source = None        # "line": text that was read; "input"
        self.held = False         # it stands for the items of another one
        self.spread = False       # then: its length is that of all together

    def growth(self):
        return self.length.growth()

    def within(self, frame):
        """The same, made in a loop."""
        made = copy(self)
        made.frames = (*self.frames, frame)
        return made

    def weight(self, depth=0):
        """All that it holds."""
        n = self.growth()
        if depth > 4:
            return n
        made = n
        for value in [self.elem, *(self.items or ())]:
            if isinstance(value, Seq):
                inner = value.weight(depth + 1)
                if inner.kind() == "logarithmic":
                    continue      # the digits of a number
                made = made + (inner if value.spread else n * inner)
        return made


class Any(Value):
    """A parameter of a function that nobody calls: a number or a sequence,
    as it turns out to be used."""

    __slots__ = ("name", "num", "seq", "make", "fields", "depth")

    def __init__(self, name, make, depth=0):
        self.name = name
        self.num = None
        self.seq = None
        self.make = make
        self.fields = {}
        self.depth = depth

    def as_num(self):
        if self.num is None:
            self.num = grown(size(self.make(self.name, "number")))
            self.num.parts[0][0].named = True
        return self.num

    def as_seq(self):
        if self.seq is None:
            length = grown(size(self.make(self.name, "length")))
            length.parts[0][0].named = True
            self.seq = Seq("list", length)
            self.seq.elem = Any(f"{self.name}[i]", self.make, self.depth + 1)
            self.seq.key = grown(ONE)
        return self.seq

    def field(self, name):
        if name not in self.fields:
            if self.depth > 3:
                return self
            self.fields[name] = Any(f"{self.name}.{name}", self.make,
                                    self.depth + 1)
        return self.fields[name]


class Func(Value):

    __slots__ = ("node", "scope", "me", "memo", "owner", "recursive")

    def __init__(self, node, scope, me=None, memo=False, owner=None):
        self.node = node
        self.scope = scope
        self.me = me
        self.memo = memo
        self.owner = owner
        self.recursive = None


class Class(Value):

    __slots__ = ("node", "scope", "bases", "name")

    def __init__(self, node, scope, bases):
        self.node = node
        self.name = node.name
        self.scope = scope
        self.bases = bases

    def find(self, name, depth=0):
        if name in self.scope.names:
            return self.scope.names[name]
        for base in self.bases:
            if isinstance(base, Class) and depth < 8:
                found = base.find(name, depth + 1)
                if found is not None:
                    return found
        return None


class Inst(Value):

    __slots__ = ("cls", "fields")

    def __init__(self, cls):
        self.cls = cls
        self.fields = {}


class Lib(Value):
    """Something of Python's own: a module or a function of one."""

    __slots__ = ("name", "me")

    def __init__(self, name, me=None):
        self.name = name      # "math.sqrt"; of a method "list.sort"
        self.me = me


class Part(Value):
    """functools.partial() and its like: a function with arguments."""

    __slots__ = ("func", "args")

    def __init__(self, func, args):
        self.func = func
        self.args = args


class Scope:

    __slots__ = ("names", "outer", "globals", "nonlocals", "local")

    def __init__(self, outer=None, local=None):
        self.names = {}
        self.outer = outer
        self.globals = set()
        self.nonlocals = set()
        self.local = local or set()

    def find(self, name):
        scope = self
        if name in self.globals:
            while scope.outer is not None:
                scope = scope.outer
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return None

    def home(self, name):
        """The scope that an assignment to name goes to."""
        scope = self
        if name in self.globals:
            while scope.outer is not None:
                scope = scope.outer
        elif name in self.nonlocals:
            scope = self.outer or self
            while scope.outer is not None and name not in scope.names:
                scope = scope.outer
        return scope


def growth_of(value):
    """How a value grows as a number, or as the length of a sequence."""
    if isinstance(value, (Num, Seq)):
        return value.growth()
    if isinstance(value, Any):
        return value.as_num().growth()
    return ONE


def as_num(value):
    if isinstance(value, Num):
        return value
    if isinstance(value, Any):
        return value.as_num()
    return grown(ONE)


def join(a, b, depth=0):
    """A value that is one or the other."""
    if a is b or b is None:
        return a
    if a is None or a is UNKNOWN:
        return b
    if b is UNKNOWN:
        return a
    if isinstance(a, Num) and isinstance(b, Num):
        return a if a.same(b) else grown(a.growth() + b.growth())
    if isinstance(a, Seq) and isinstance(b, Seq) and depth < 4:
        return join_seq(a, b, depth)
    if isinstance(a, Num) and isinstance(b, (Seq, Inst)):
        return b
    if isinstance(b, Any) and isinstance(a, Num):
        return b
    return a


def join_seq(a, b, depth):
    if a.length.same(b.length) and a.elem is b.elem:
        return a
    if b.length.known() and a.kind == b.kind and b.elem is UNKNOWN:
        return a
    if a.length.known() and a.kind == b.kind and a.elem is UNKNOWN:
        return b
    made = Seq(a.kind, join(a.length, b.length),
               join(a.elem, b.elem, depth + 1), join(a.key, b.key, depth + 1))
    if a.items and b.items and len(a.items) == len(b.items):
        made.items = [join(x, y, depth + 1) for x, y in zip(a.items, b.items)]
    made.frames, made.line = a.frames, a.line
    made.held, made.spread = a.held or b.held, a.spread or b.spread
    return made
