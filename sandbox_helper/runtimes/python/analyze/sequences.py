# Part of zygote-python: functions of Python's own that make a sequence of
# others, and what each of its kinds is made of.

from .model import FACTORIAL, ONE
from .values import (UNKNOWN, Any, Func, Lib, Num, Seq, as_num, grown,
                     growth_of, number)


class Sequences:

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

    def f_shuffle(self, args, kwargs, node):
        if args and isinstance(args[0], Seq):
            self.charge(args[0].growth(), node, "`shuffle` moves all items")
        return UNKNOWN

    def m_fromkeys(self, me, args, kwargs, node):
        return self.copy_of("dict", args[:1], node)

    f_fromkeys = f_dict
