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
           "median", "reversed_copy"}

# Methods by what they cost: nothing of note, the sequence, the argument.
CHEAP = {"append", "appendleft", "add", "get", "popitem", "isdigit",
         "isalpha", "isupper", "islower", "isalnum", "isspace", "keys",
         "items", "values", "move_to_end", "empty", "qsize", "full",
         "flush", "close", "startswith", "endswith", "write", "tell",
         "seek", "bit_length", "conjugate", "is_integer", "task_done"}
WHOLE = {"reverse", "copy", "index", "count", "remove", "find", "rfind",
         "replace", "upper", "lower", "strip", "lstrip", "rstrip",
         "capitalize", "title", "swapcase", "encode", "decode", "translate",
         "rindex", "zfill", "casefold", "elements", "clear", "center",
         "ljust", "rjust", "partition", "rpartition", "splitlines",
         "expandtabs"}
TEXT = {"replace", "upper", "lower", "strip", "lstrip", "rstrip",
        "capitalize", "title", "swapcase", "encode", "decode", "translate",
        "zfill", "casefold", "center", "ljust", "rjust", "rstrip",
        "expandtabs"}
MORE = {"append", "appendleft", "add", "put", "push", "write"}
OTHERS = {"split", "rsplit", "join", "format", "sort", "extend",
          "extendleft", "insert", "pop", "popleft", "update", "union",
          "intersection", "difference", "symmetric_difference", "issubset",
          "issuperset", "isdisjoint", "setdefault", "most_common", "rotate",
          "discard", "difference_update", "intersection_update", "subtract",
          "fromkeys", "readline", "read", "readlines", "hex",
          "format_map", "maketrans"}

GETS = {"appendleft": "append"}


class Library:

    methods = CHEAP | WHOLE | OTHERS | MORE

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

    # Conversions.

    def f_str(self, args, kwargs, node):
        value = args[0] if args else UNKNOWN
        if isinstance(value, Seq):
            self.charge(value.weight(), node, "a sequence becomes text")
            made = Seq("str", value.length, Seq("char", number(1)))
            if value.kind in ("str", "char"):
                return value
            return made
        growth = as_num(value).growth() if isinstance(value, (Num, Any)) \
            else ONE
        return self.seq("str", grown(growth.log()), Seq("char", number(1)),
                        node)

    f_bin = f_hex = f_oct = f_repr = f_format = f_str

    def f_chr(self, args, kwargs, node):
        return Seq("char", number(1))

    def f_ord(self, args, kwargs, node):
        return grown(ONE)

    f_bool = f_hash = f_id = f_isinstance = f_callable = f_ord

    def copy_of(self, kind, args, node):
        if not args:
            return self.seq(kind, number(0), node=node)
        seq = self.as_seq(args[0], node)
        self.looked(seq)
        if seq.source == "input" and not self.around(()).constant():
            pass
        elif seq.source == "line" and not self.around(()).constant():
            self.charge(seq.growth())
        else:
            self.charge_all(seq, seq.growth(), node,
                            f"`{kind}()` takes all items")
        items = seq.items if kind in ("list", "tuple") else None
        made = self.seq(kind, seq.length, seq.elem, node, key=seq.key,
                        items=list(items) if items else None)
        made.source = "input" if seq.source else None
        if seq.kind == "dict" and kind != "dict":
            made.elem = seq.key
        if kind == "dict" and isinstance(seq.elem, Seq) and seq.elem.items \
                and len(seq.elem.items) == 2:
            made.key, made.elem = seq.elem.items
        return made

    def f_list(self, args, kwargs, node):
        return self.copy_of("list", args, node)

    def f_tuple(self, args, kwargs, node):
        return self.copy_of("tuple", args, node)

    def f_set(self, args, kwargs, node):
        return self.copy_of("set", args, node)

    f_frozenset = f_set

    def f_dict(self, args, kwargs, node):
        return self.copy_of("dict", args, node)

    f_OrderedDict = f_dict

    def f_deque(self, args, kwargs, node):
        return self.copy_of("deque", args[:1], node)

    f_Queue = f_LifoQueue = f_PriorityQueue = f_SimpleQueue = f_deque

    def f_array(self, args, kwargs, node):
        return self.copy_of("list", args[1:], node)

    f_bytearray = f_bytes = f_list

    def f_Counter(self, args, kwargs, node):
        made = self.copy_of("dict", args, node)
        made.key, made.elem = made.elem, grown(made.growth())
        if isinstance(made.key, Seq) and made.key.kind == "char":
            made.length = grown(ONE)
        made.source = "default"
        return made

    def f_defaultdict(self, args, kwargs, node):
        made = self.seq("dict", number(0), node=node)
        if args and isinstance(args[0], (Lib, Func)):
            value = self.call(args[0], [], {}, node)
            made.elem = value
            if isinstance(value, Seq):
                value.held = True
        made.source = "default"
        return made

    def f_namedtuple(self, args, kwargs, node):
        return Lib("tuple_of")

    def f_tuple_of(self, args, kwargs, node):
        return Seq("tuple", number(len(args)), items=args or None)

    # Sequences made of others.

    def f_range(self, args, kwargs, node):
        nums = [as_num(a) for a in args[:3]]
        if not nums:
            return UNKNOWN
        start = nums[0] if len(nums) > 1 else number(0)
        stop = nums[1] if len(nums) > 1 else nums[0]
        step = nums[2] if len(nums) > 2 else number(1)
        length = stop.plus(start, -1)
        if step.known() and step.const < 0:
            length = length.scaled(-1)
        if length.known():
            if step.known() and step.const:
                length = number(max(0, length.const // abs(step.const)))
            elif not step.known():
                length = grown(ONE)
        elif not any(f > 0 for _, f in length.parts) and len(args) < 3:
            length = grown(length.growth())
        elem = grown(start.growth() + stop.growth())
        made = Seq("range", length, elem)
        made.frames = tuple(self.frames)
        if not step.known():
            made.key = step
            if step.only() is not None and step.only().loop is not None:
                made.source = "steps"
                made.elem = grown(length.growth())
        return made

    def f_enumerate(self, args, kwargs, node):
        if not args:
            return UNKNOWN
        seq = self.as_seq(args[0], node)
        self.looked(seq)
        index = grown(seq.growth())
        return self.view(seq, Seq(
            "tuple", number(2), items=[index, self.keep(seq)]))

    def keep(self, seq):
        return seq.key if seq.kind == "dict" else seq.elem

    def f_zip(self, args, kwargs, node):
        seqs = [self.as_seq(a, node) for a in args]
        if not seqs:
            return UNKNOWN
        short = min(seqs, key=lambda s: len(s.length.parts))
        lengths = [s.growth().linear() for s in seqs]
        for one, other in zip(lengths, lengths[1:]):
            if one and other and self.kinds.get(one) == "length" \
                    and self.kinds.get(other) in ("length", "number"):
                self.alias(one, other)
        for seq in seqs:
            self.looked(seq)
        return Seq("iter", short.length, Seq(
            "tuple", number(len(seqs)), items=[self.keep(s) for s in seqs]))

    f_zip_longest = f_zip

    def f_reversed(self, args, kwargs, node):
        seq = self.as_seq(args[0], node) if args else UNKNOWN
        if not isinstance(seq, Seq):
            return UNKNOWN
        self.looked(seq)
        made = Seq("range" if seq.kind == "range" else "iter", seq.length,
                   seq.elem)
        made.source = seq.source if seq.source != "default" else None
        return made

    f_iter = f_reversed

    def f_islice(self, args, kwargs, node):
        seq = self.as_seq(args[0], node) if args else UNKNOWN
        if len(args) == 2:
            return Seq("iter", as_num(args[1]), self.item(seq))
        return seq

    def f_chain(self, args, kwargs, node):
        length, elem = ONE, UNKNOWN
        for value in args:
            seq = self.as_seq(value, node)
            length, elem = length + seq.growth(), seq.elem
        return Seq("iter", grown(length), elem)

    def f_from_iterable(self, args, kwargs, node):
        seq = self.as_seq(args[0], node)
        inner = seq.elem if isinstance(seq.elem, Seq) else seq
        growth = inner.growth() if inner.spread else \
            seq.growth() * inner.growth()
        return Seq("iter", grown(growth + seq.growth()), inner.elem)

    def f_accumulate(self, args, kwargs, node):
        seq = self.as_seq(args[0], node)
        return Seq("iter", seq.length,
                   grown(seq.growth() * growth_of(seq.elem)))

    def f_groupby(self, args, kwargs, node):
        seq = self.as_seq(args[0], node)
        group = Seq("iter", grown(seq.growth()), seq.elem)
        group.spread = group.held = True
        return Seq("iter", grown(seq.growth()), Seq(
            "tuple", number(2), items=[seq.elem, group]))

    def f_count(self, args, kwargs, node):
        return UNKNOWN

    def f_permutations(self, args, kwargs, node):
        return self.choices(args, node, FACTORIAL)

    def f_combinations(self, args, kwargs, node):
        return self.choices(args, node, 1)

    f_combinations_with_replacement = f_combinations

    def choices(self, args, node, many):
        """itertools' selections: n^r for a known r."""
        if not args:
            return UNKNOWN
        seq = self.as_seq(args[0], node)
        n, r = seq.growth(), number(0)
        if len(args) > 1:
            r = as_num(args[1])
        if len(args) > 1 and r.known():
            growth = n.power(min(max(r.const, 1), 12))
            each = ONE
        else:
            growth, each = n.exp(many), n
        made = self.seq("iter", grown(growth), Seq(
            "tuple", grown(each) if not r.known() or not r.const else r,
            seq.elem), node)
        return made

    def f_product(self, args, kwargs, node):
        growth = ONE
        elem = UNKNOWN
        for value in args:
            if isinstance(value, Num):
                continue
            seq = self.as_seq(value, node)
            growth, elem = growth * seq.growth(), seq.elem
        repeat = kwargs.get("repeat")
        length = number(max(len(args), 1))
        if isinstance(repeat, (Num, Any)):
            repeat = as_num(repeat)
            if repeat.known():
                growth = growth.power(min(max(repeat.const, 1), 12))
            else:
                growth, length = repeat.growth().exp(), repeat
        return self.seq("iter", grown(growth), Seq("tuple", length, elem),
                        node)

    def f_sorted(self, args, kwargs, node):
        if not args:
            return UNKNOWN
        seq = self.as_seq(args[0], node)
        self.looked(seq)
        self.sorts(seq, kwargs, node, "`sorted`")
        elem = seq.key if seq.kind == "dict" else seq.elem
        made = self.seq("list", seq.length, elem, node)
        made.source = "input" if seq.source in ("input", "line") else None
        return made

    def sorts(self, seq, kwargs, node, what):
        n = seq.growth()
        self.gone.add(n.linear())
        if seq.source == "steps":
            n = seq.elem.growth()
        self.charge_all(seq, n * n.log(), node, f"{what} sorts")
        if not n.constant():
            self.tell("sorting", node)
        key = kwargs.get("key")
        if key is not None:
            self.each(n, key, [self.item(seq)], node)

    def f_copy(self, args, kwargs, node):
        if args and isinstance(args[0], Seq):
            return self.copy_of(args[0].kind, args, node)
        return args[0] if args else UNKNOWN

    def f_deepcopy(self, args, kwargs, node):
        if args and isinstance(args[0], Seq):
            self.charge(args[0].weight(), node, "`deepcopy` copies all")
            self.temporary = self.temporary + args[0].weight()
            return args[0]
        return args[0] if args else UNKNOWN

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

    def f_shuffle(self, args, kwargs, node):
        if args and isinstance(args[0], Seq):
            self.charge(args[0].growth(), node, "`shuffle` moves all items")
        return UNKNOWN

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

    # Heaps and sorted lists.

    def f_heapify(self, args, kwargs, node):
        if args and isinstance(args[0], Seq):
            self.charge(args[0].growth(), node, "`heapify` sifts all items")
            self.tell("heap", node)
        return UNKNOWN

    def f_heappush(self, args, kwargs, node):
        if len(args) > 1 and isinstance(args[0], Seq):
            self.grow(args[0], number(1), args[1])
            self.charge(args[0].growth().log(), node, "`heappush` sifts")
            self.tell("heap", node)
        return UNKNOWN

    def f_heappop(self, args, kwargs, node):
        if args and isinstance(args[0], Seq):
            self.charge(args[0].growth().log(), node, "`heappop` sifts")
            self.wrote(args[0])
            return self.taken(args[0])
        return UNKNOWN

    def f_heappushpop(self, args, kwargs, node):
        if args and isinstance(args[0], Seq):
            self.put(args[0], args[-1])
        return self.f_heappop(args, kwargs, node)

    f_heapreplace = f_heappushpop

    def f_nsmallest(self, args, kwargs, node):
        if len(args) < 2:
            return UNKNOWN
        seq, k = self.as_seq(args[1], node), as_num(args[0])
        self.charge(seq.growth() * (ONE + k.growth().log()), node,
                    "the smallest or largest are sought")
        return self.seq("list", k, seq.elem, node)

    f_nlargest = f_nsmallest

    def f_bisect(self, args, kwargs, node):
        if args and isinstance(args[0], Seq):
            self.looked(args[0])
            self.charge(args[0].growth().log(), node,
                        "`bisect` halves the list")
            self.tell("binary search", node)
            return grown(args[0].growth())
        return grown(ONE)

    f_bisect_left = f_bisect_right = f_bisect

    def f_insort(self, args, kwargs, node):
        if len(args) > 1 and isinstance(args[0], Seq):
            self.grow(args[0], number(1), args[1])
            self.charge(args[0].growth(), node,
                        "`insort` moves the items behind")
        return UNKNOWN

    f_insort_left = f_insort_right = f_insort

    # Methods.

    def taken(self, seq):
        """An item that a loop takes out: another one each time."""
        frame = next((f for f in reversed(self.frames)
                      if f.kind == "while"), None)
        elem = seq.elem
        if frame is None:
            return self.fresh(elem)
        return self.loop_item_of(elem, frame)

    def loop_item_of(self, elem, frame):
        if isinstance(elem, Num) and elem.parts:
            return grown(elem.growth(), loop=frame)
        if isinstance(elem, Num):
            return grown(ONE, loop=frame)
        if isinstance(elem, Seq) and elem.kind == "tuple" and elem.items:
            return Seq("tuple", elem.length, items=[
                self.loop_item_of(v, frame) for v in elem.items])
        return elem

    def method(self, me, name, args, node):
        if name in WHOLE:
            if name in ("remove", "clear", "reverse"):
                self.wrote(me)
            self.looked(me)
            if name == "clear" or name in ("remove", "count", "index") \
                    and me.kind in ("set", "dict"):
                return grown(ONE)
            if name in ("strip", "rstrip", "lstrip") and me.source:
                return me
            self.charge(me.growth(), node, f"`.{name}()` goes through "
                        + ("a string" if me.kind == "str" else "a list"))
            if name in TEXT:
                made = self.seq("str", me.length, me.elem, node)
                made.source = me.source
                return made
            if name in ("index", "count", "find", "rfind", "rindex"):
                return grown(me.growth())
            if name in ("copy", "elements"):
                made = self.seq(me.kind, me.length, me.elem, node,
                                key=me.key)
                return made
            return UNKNOWN
        if name in ("get", "popitem"):
            self.looked(me)
            if me.kind in ("deque", "list"):
                self.wrote(me)
                return self.taken(me)
            return self.item(me) if len(args) < 2 \
                or me.elem is not UNKNOWN else args[1]
        return grown(ONE)

    def m_append(self, me, args, kwargs, node):
        self.grow(me, number(1), args[0] if args else UNKNOWN)
        return UNKNOWN

    m_appendleft = m_put = m_push = m_append

    def m_add(self, me, args, kwargs, node):
        value = args[0] if args else UNKNOWN
        few = self.few(value)
        if few is not None:
            self.put(me, value)
            self.wrote(me)
            me.length = grown(few)
        else:
            self.grow(me, number(1), value)
        return UNKNOWN

    def m_extend(self, me, args, kwargs, node):
        if args:
            seq = self.as_seq(args[0], node)
            self.charge(seq.growth(), node, "`extend` takes all items")
            self.grow(me, seq.length, seq.elem)
        return UNKNOWN

    def m_update(self, me, args, kwargs, node):
        if args:
            seq = self.as_seq(args[0], node)
            self.charge(seq.growth(), node, "`update` takes all items")
            self.grow(me, seq.length, seq.elem)
        return UNKNOWN

    m_extendleft = m_extend

    def m_insert(self, me, args, kwargs, node):
        self.grow(me, number(1), args[-1] if args else UNKNOWN)
        self.charge(me.growth(), node, "`insert` moves the items behind")
        return UNKNOWN

    def m_pop(self, me, args, kwargs, node):
        self.wrote(me)
        if args and me.kind in ("list",):
            key = args[0]
            last = isinstance(key, Num) and key.known() and key.const == -1
            if not last:
                self.charge(me.growth(), node,
                            "`pop` moves the items behind")
        return self.taken(me)

    def m_popleft(self, me, args, kwargs, node):
        self.wrote(me)
        return self.taken(me)

    def m_discard(self, me, args, kwargs, node):
        self.wrote(me)
        return UNKNOWN

    def m_sort(self, me, args, kwargs, node):
        self.wrote(me)
        self.sorts(me, kwargs, node, "`sort`")
        return UNKNOWN

    def m_rotate(self, me, args, kwargs, node):
        self.wrote(me)
        by = as_num(args[0]) if args else number(1)
        if not by.known():
            self.charge(by.growth(), node, "`rotate` moves items")
        return UNKNOWN

    def m_join(self, me, args, kwargs, node):
        if not args:
            return UNKNOWN
        seq = self.as_seq(args[0], node)
        self.looked(seq)
        self.charge(seq.weight(), node, "`join` copies all parts")
        return self.seq("str", grown(seq.weight()), Seq("char", number(1)),
                        node)

    def m_format(self, me, args, kwargs, node):
        length = ONE
        for value in args:
            if isinstance(value, Seq):
                length = length + value.weight()
        self.charge(length)
        return Seq("str", grown(length), Seq("char", number(1)))

    def m_items(self, me, args, kwargs, node):
        self.looked(me)
        return self.view(me, Seq(
            "tuple", number(2), items=[me.key, me.elem]))

    def m_values(self, me, args, kwargs, node):
        self.looked(me)
        return self.view(me, me.elem)

    def m_keys(self, me, args, kwargs, node):
        self.looked(me)
        made = self.view(me, me.key)
        made.kind = "set"
        return made

    def m_setdefault(self, me, args, kwargs, node):
        self.grow(me, number(1), args[1] if len(args) > 1 else UNKNOWN)
        if args:
            me.key = args[0]
        return me.elem

    def m_most_common(self, me, args, kwargs, node):
        n = me.growth()
        self.charge(n * n.log(), node, "`most_common` sorts")
        length = as_num(args[0]) if args else me.length
        return self.seq("list", length, Seq(
            "tuple", number(2), items=[me.key, me.elem]), node)

    def m_union(self, me, args, kwargs, node):
        growth = me.growth()
        for value in args:
            growth = growth + self.as_seq(value, node).growth()
        self.charge(growth, node, "two sets are put together")
        return self.seq("set", grown(growth), me.elem, node)

    m_intersection = m_difference = m_symmetric_difference = m_union

    def m_fromkeys(self, me, args, kwargs, node):
        return self.copy_of("dict", args[:1], node)

    f_fromkeys = f_dict
