# Part of zygote-python: what Python's own functions and methods cost.
#
# The tables say it for those that need no more than a word; the functions
# below them do the rest.

import ast
import builtins
import sys

from .model import FACTORIAL, ONE, size
from .values import (UNKNOWN, Any, Func, Inst, Lib, Num, Part, Seq, as_num,
                     grown, growth_of, number)

STARS = {
    "math": "sqrt ceil floor log log2 log10 gcd factorial pi inf isqrt comb "
            "perm pow hypot sin cos tan e fabs",
    "collections": "deque defaultdict Counter OrderedDict namedtuple",
    "heapq": "heappush heappop heapify nlargest nsmallest heappushpop "
             "heapreplace merge",
    "bisect": "bisect bisect_left bisect_right insort insort_left "
              "insort_right",
    "itertools": "permutations combinations product accumulate chain groupby "
                 "count cycle islice combinations_with_replacement "
                 "zip_longest repeat starmap takewhile",
    "functools": "reduce lru_cache cache partial cmp_to_key",
    "string": "ascii_lowercase ascii_uppercase ascii_letters digits",
    "sys": "stdin stdout setrecursionlimit exit maxsize",
    "copy": "copy deepcopy",
    "random": "randint random shuffle choice sample",
    "queue": "Queue PriorityQueue LifoQueue",
    "operator": "itemgetter attrgetter mul add",
    "typing": "List Dict Optional Tuple Set Deque",
}

TEXTS = {"string.ascii_lowercase": 26, "string.ascii_uppercase": 26,
         "string.ascii_letters": 52, "string.digits": 10,
         "string.punctuation": 32, "string.printable": 100}

INPUTS = {"input", "raw_input", "sys.stdin.readline", "os.readline"}

# Called for what they go through: sum(), any().
CONSUME = {"sum", "any", "all", "max", "min", "fsum", "prod", "mean",
           "median"}

class Library:

    def library(self, name, builtin=False):
        """What a name of Python's own stands for."""
        name = name.replace(".buffer", "").replace("__stdin__", "stdin")
        if name.startswith("os.path"):
            return Lib("os.path")
        if name in TEXTS:
            return Seq("str", number(TEXTS[name]), Seq("char", number(1)))
        if name in ("math.pi", "math.e", "math.inf", "math.tau", "math.nan",
                    "sys.maxsize", "sys.maxint"):
            return grown(ONE)
        if name == "sys.argv":
            made = Seq("list", grown(ONE), Seq("str", grown(ONE),
                                               Seq("char", number(1))))
            return made
        if builtin and not hasattr(builtins, name) and name not in (
                "raw_input", "xrange", "unicode", "reduce"):
            return UNKNOWN
        return Lib({"xrange": "range", "raw_input": "input",
                    "stdin.readline": "sys.stdin.readline",
                    "unichr": "chr"}.get(name, name))

    def star(self, module):
        for name in STARS.get(module, "").split():
            self.scope.names[name] = self.library(f"{module}.{name}")

    # Calls.

    def ev_Call(self, node):
        func = self.ev(node.func)
        hint = self.hint
        reading = isinstance(func, (Func, Lib))
        args = []
        for arg in node.args:
            self.hint = hint if reading else None
            if isinstance(arg, ast.Starred):
                seq = self.as_seq(self.ev(arg.value), arg)
                self.hint = hint
                if isinstance(func, (Func, Lib)) and seq.items:
                    args += seq.items
                elif isinstance(func, Lib):
                    self.charge(seq.weight(), node,
                                "a sequence is given item by item")
                    args.append(self.item(seq))
                    if func.name in ("zip", "itertools.product",
                                     "itertools.chain"):
                        args[-1:] = [seq.elem, seq.elem]
                else:
                    args += [self.item(seq) for _ in range(4)]
            else:
                args.append(self.ev(arg))
        self.hint = hint
        kwargs = {}
        for word in node.keywords:
            value = self.ev(word.value)
            if word.arg is not None:
                kwargs[word.arg] = value
        if isinstance(node.func, ast.Name) and node.func.id == "super":
            return self.parent()
        return self.call(func, args, kwargs, node)

    def parent(self):
        me = self.scope.find("self")
        if isinstance(me, Inst):
            made = Inst(me.cls.bases[0]) if me.cls.bases and hasattr(
                me.cls.bases[0], "find") else None
            if made is not None:
                made.fields = me.fields
                return made
        return UNKNOWN

    def call_library(self, func, args, kwargs, node):
        name = func.name
        if name in INPUTS or name in ("next", "os.read"):
            if name == "next" and args and isinstance(args[0], Seq):
                return self.item(args[0])
            if name == "next" and args and not isinstance(args[0], Lib):
                return UNKNOWN
            return self.read_line(node)
        if name in ("sys.stdin.read", "sys.stdin.readlines"):
            return self.read_all(node, name.endswith("lines"))
        if name in ("open", "io.BytesIO", "io.StringIO", "io.open",
                    "BytesIO", "StringIO", "fileinput.input", "sys.stdin"):
            return Lib("sys.stdin")
        if name.startswith("seq."):
            method = name[4:]
            me = func.me
            if isinstance(me, Seq):
                handler = getattr(self, "m_" + method, None)
                if handler is not None:
                    return handler(me, args, kwargs, node)
                return self.method(me, method, args, node)
            return UNKNOWN
        if name.startswith("sys.stdout") or name.startswith("os.write"):
            name = "print"
        last = name.rpartition(".")[2]
        handler = getattr(self, "f_" + last, None)
        if handler is not None:
            return handler(args, kwargs, node)
        if last in CONSUME:
            return self.consume(last, args, kwargs, node)
        for value in args:
            if isinstance(value, Func):
                self.each(ONE, value, [UNKNOWN], node)
        module = name.partition(".")[0]
        if "." in name and module not in sys.stdlib_module_names:
            return self.foreign(name, args, node)
        if name.startswith("re."):
            for value in args:
                self.charge(growth_of(value) if isinstance(value, Seq)
                            else ONE, node, "a regular expression")
        return grown(ONE)

    def foreign(self, name, args, node):
        """Of a library that is not Python's own: thought to go through what
        it is given once."""
        growth = ONE
        for value in args:
            growth = growth + growth_of(value)
        if not growth.constant():
            self.charge(growth, node, f"`{name}` is taken to go through "
                        "what it is given once")
        return self.seq("list", grown(growth), grown(ONE), node)

    def each(self, times, func, args, node):
        """Calls a function so often; answers its value."""
        if func is None or func is UNKNOWN:
            return UNKNOWN
        outer, self.cost = self.cost, ONE
        value = self.call(func, args, {}, node)
        body = self.cost
        self.cost = outer + times * body
        return value

    # Reading.

    def read_line(self, node, inner=False):
        """A line of input: as long as the program makes of it."""
        self.reads += 1
        if self.hint is not None and not inner:
            made = Seq("str", grown(ONE), Seq("char", number(1)))
            made.source = "line"
            return made
        growth = size(self.new_size(None, "length"))
        around = self.around(())
        if not around.constant() and len(around.terms) == 1 \
                and len(self.frames) < 3:
            growth = growth.over(around)
        made = Seq("str", grown(growth), Seq("char", number(1)))
        made.frames = tuple(self.frames)
        made.line = getattr(node, "lineno", 0)
        made.source = "line"
        return made

    def read_all(self, node, lines=False):
        self.reads += 1
        growth = size(self.new_size("the input", "length"))
        elem = Seq("char", number(1))
        if lines:
            elem = Seq("str", grown(ONE), elem)
            elem.source = "line"
        made = self.seq("list" if lines else "str", grown(growth), elem,
                        node)
        made.source = "line"
        self.charge(growth, node, "the input is read")
        return made

    def m_readline(self, me, args, kwargs, node):
        return self.read_line(node)

    def m_split(self, me, args, kwargs, node):
        token = Seq("str", grown(ONE), Seq("char", number(1)))
        if me.source != "line":
            self.charge(me.growth(), node, "a string is split")
            made = self.seq("list", grown(me.growth()), token, node)
            made.source = me.source
            return made
        token.source = "line"
        token.kind = "token"
        length = me.growth()
        if self.hint is not None:
            length = ONE
        if not length.constant():
            length = length.whole()
            if self.around(()).constant():
                self.charge(length, node, "a line of input is split")
            else:
                name = next(iter(me.length.growth().whole().names()))
                for part in length.names():
                    if self.titles.get(part) is None:
                        name = part
                length = size(name)
        made = self.seq("list", grown(length), token, node)
        made.source = "input"
        return made

    m_rsplit = m_splitlines = m_split

    def f_int(self, args, kwargs, node):
        if not args:
            return number(0)
        value = args[0]
        if isinstance(value, (Num, Any)):
            value = as_num(value)
            if value.known():
                return number(int(value.const)) \
                    if abs(value.const) < 1e15 else value
            return value
        if isinstance(value, Seq):
            if value.source == "line" and value.kind in ("str", "token"):
                alone = value.kind == "str"
                name = self.new_size(None, "number" if alone else "value")
                return grown(size(name), alone=alone)
            if value.kind == "char" or value.length.known():
                return grown(ONE)
            return grown(value.growth().exp() if len(args) > 1
                         else value.growth().whole().exp())
        return grown(ONE)

    f_float = f_Decimal = f_Fraction = f_long = f_int

    def f_map(self, args, kwargs, node):
        if len(args) < 2:
            return UNKNOWN
        seq = self.as_seq(args[1], node)
        times = seq.growth()
        if self.is_reading(seq):
            times = ONE
        self.looked(seq)
        items = [self.item(seq)] + [self.item(a) for a in args[2:]]
        hint, self.hint = self.hint, None
        value = self.each(times, args[0], items, node)
        self.hint = hint
        made = self.seq("iter", seq.length, value, node)
        made.source = seq.source
        return made

    def f_filter(self, args, kwargs, node):
        seq = self.as_seq(args[-1], node) if args else UNKNOWN
        if not isinstance(seq, Seq):
            return UNKNOWN
        self.each(seq.growth(), args[0], [self.item(seq)], node)
        return self.seq("iter", grown(seq.growth()), seq.elem, node)

    # Output.

    def f_print(self, args, kwargs, node):
        self.prints += 1
        for value in args:
            if isinstance(value, Seq):
                self.looked(value)
                weight = value.weight()
                if weight.kind() != "logarithmic":
                    self.charge(weight, node, "a sequence is printed")
        return UNKNOWN

    f_write = f_writelines = f_print

    def m_write(self, me, args, kwargs, node):
        self.prints += 1
        return UNKNOWN

    # Numbers.

    def f_len(self, args, kwargs, node):
        value = args[0] if args else UNKNOWN
        if isinstance(value, Any):
            value = value.as_seq()
        if isinstance(value, Seq):
            if value.spread:
                return grown(value.growth())
            self.gone.add(value.growth().linear())
            return value.length
        return grown(ONE)

    def f_abs(self, args, kwargs, node):
        return as_num(args[0]) if args and isinstance(
            args[0], (Num, Any)) else grown(ONE)

    f_round = f_ceil = f_floor = f_trunc = f_abs

    def f_sqrt(self, args, kwargs, node):
        value = as_num(args[0]) if args else number(1)
        if value.known():
            return grown(ONE)
        return grown(value.growth().power(0.5), half=self.origins(value))

    f_isqrt = f_sqrt

    def f_log(self, args, kwargs, node):
        return grown(as_num(args[0]).growth().log()) if args \
            else grown(ONE)

    f_log2 = f_log10 = f_log

    def f_gcd(self, args, kwargs, node):
        growth = ONE
        for value in args:
            growth = growth + as_num(value).growth()
        self.charge(growth.log(), node, "`gcd` takes remainders")
        return grown(growth)

    f_lcm = f_gcd

    def f_pow(self, args, kwargs, node):
        if len(args) < 2:
            return grown(ONE)
        base, exponent = as_num(args[0]), as_num(args[1])
        if len(args) == 3:
            self.charge(exponent.growth().log(), node,
                        "`pow` squares and multiplies")
            return grown(as_num(args[2]).growth())
        return self.op_Pow(base, exponent)

    def f_factorial(self, args, kwargs, node):
        growth = as_num(args[0]).growth() if args else ONE
        self.charge(growth, node, "`factorial` multiplies up to its number")
        return grown(growth.exp(FACTORIAL))

    def f_comb(self, args, kwargs, node):
        growth = as_num(args[0]).growth() if args else ONE
        self.charge(growth, node, "`comb` multiplies")
        return grown(growth.exp())

    f_perm = f_comb

    def f_divmod(self, args, kwargs, node):
        if len(args) < 2:
            return UNKNOWN
        a, b = as_num(args[0]), as_num(args[1])
        return Seq("tuple", number(2),
                   items=[self.op_FloorDiv(a, b), self.op_Mod(a, b)])

    def f_min(self, args, kwargs, node):
        return self.least(args, kwargs, node, min)

    def f_max(self, args, kwargs, node):
        return self.least(args, kwargs, node, max)

    def least(self, args, kwargs, node, which):
        if len(args) == 1:
            return self.consume("max", args, kwargs, node)
        numbers = [as_num(a) for a in args if isinstance(a, (Num, Any))]
        if not numbers:
            return args[0] if args else UNKNOWN
        known = [n for n in numbers if n.known()]
        others = [n for n in numbers if not n.known()]
        if not others:
            return number(which(n.const for n in known))
        if which is min and known:
            return grown(ONE)
        # min(i + k, n): the one that a difference to i says more of.
        others.sort(key=lambda n: -len(n.parts))
        if len(others) == 1:
            return others[0]
        loops = [n for n in others
                 if any(sym.loop is not None for sym in n.syms())]
        if loops:
            return loops[0]
        if which is min:
            return others[0]
        return grown(others[0].growth() + others[1].growth())

    def consume(self, name, args, kwargs, node):
        if not args:
            return UNKNOWN
        seq = self.as_seq(args[0], node)
        self.looked(seq)
        self.gone.add(seq.growth().linear())
        self.charge_all(seq, seq.growth(), node,
                        f"`{name}` goes through all items")
        if "key" in kwargs:
            self.each(seq.growth(), kwargs["key"], [self.item(seq)], node)
        elem = self.item(seq)
        if name == "sum":
            if isinstance(elem, Seq):
                self.charge(seq.growth() * seq.growth() * elem.growth(),
                            node, "`sum` copies the lists joined so far")
                return self.seq("list", grown(seq.growth()
                                              * elem.growth()), elem.elem)
            return grown(seq.growth() * growth_of(elem))
        if name in ("any", "all"):
            return grown(ONE)
        return elem

    def f_reduce(self, args, kwargs, node):
        if len(args) < 2:
            return UNKNOWN
        seq = self.as_seq(args[1], node)
        item = self.item(seq)
        self.charge(seq.growth(), node, "`reduce` goes through all items")
        return self.each(seq.growth(), args[0], [item, item], node)

    def f_partial(self, args, kwargs, node):
        return Part(args[0], args[1:]) if args else UNKNOWN

    def f_cmp_to_key(self, args, kwargs, node):
        if args and isinstance(args[0], Func):
            return Part(args[0], [UNKNOWN])
        return UNKNOWN

    def f_lru_cache(self, args, kwargs, node):
        if args and isinstance(args[0], Func):
            args[0].memo = True
            return args[0]
        return Lib("lru_cache")

    f_cache = f_lru_cache

    def f___import__(self, args, kwargs, node):
        name = node.args[0] if getattr(node, "args", None) else None
        return Lib(name.value) if isinstance(name, ast.Constant) \
            and isinstance(name.value, str) else UNKNOWN

    def f_eval(self, args, kwargs, node):
        if args and isinstance(args[0], Seq) and args[0].source == "line":
            return self.f_int(args, kwargs, node)
        self.doubt(node, "it cannot be told what the text does that is run")
        return UNKNOWN

    f_exec = f_eval

    def f_exit(self, args, kwargs, node):
        return UNKNOWN
