# Part of zygote-python: the value and the cost of expressions.

import ast

from .model import ONE, size
from .values import (UNKNOWN, Any, Class, Func, Inst, Lib, Num, Scope, Seq,
                     as_num, grown, join, number, SMALL)
from .engine import Frame

FOLD_MAX = 64        # the exponents that are worked out


def char():
    return Seq("char", number(1))


class Expressions:

    def ev(self, node, load=False):
        self.step()
        method = getattr(self, "ev_" + type(node).__name__, None)
        if method is None:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    self.ev(child)
            return UNKNOWN
        return method(node)

    def ev_Constant(self, node):
        value = node.value
        if isinstance(value, bool):
            return number(int(value))
        if isinstance(value, (int, float)):
            return number(value)
        if isinstance(value, (str, bytes)):
            if len(value) == 1:
                return char()
            made = Seq("str", number(len(value)), char())
            return made
        return UNKNOWN

    def ev_Name(self, node):
        value = self.scope.find(node.id)
        if value is not None:
            return value
        return self.library(node.id, builtin=True)

    def ev_JoinedStr(self, node):
        length = ONE
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                value = self.ev(part.value)
                if isinstance(value, Seq):
                    length = length + value.weight()
        if length.kind() != "logarithmic":
            self.charge(length)
        return Seq("str", grown(length), char())

    def ev_List(self, node):
        return self.display(node, "list")

    def ev_Tuple(self, node):
        return self.display(node, "tuple")

    def ev_Set(self, node):
        return self.display(node, "set")

    def display(self, node, kind):
        hint, self.hint = self.hint, None
        items, elem, length = [], UNKNOWN, number(0)
        plain = True
        for part in node.elts:
            if isinstance(part, ast.Starred):
                more = self.as_seq(self.ev(part.value), node)
                self.charge(more.growth(), node, "a sequence is copied")
                length = length.plus(more.length)
                elem, plain = join(elem, more.elem), False
            else:
                value = self.ev(part)
                items.append(value)
                elem = join(elem, value)
                length = length.plus(number(1))
        self.hint = hint
        if not node.elts:
            items = None
        return self.seq(kind, length, elem, node,
                        items=items if plain and len(items or ()) <= 12
                        else None)

    def ev_Dict(self, node):
        key = elem = UNKNOWN
        length = number(0)
        for k, v in zip(node.keys, node.values):
            value = self.ev(v)
            if k is None:
                if isinstance(value, Seq):
                    self.charge(value.growth())
                    length = length.plus(value.length)
                    value, key = value.elem, join(key, value.key)
            else:
                key = join(key, self.ev(k))
                length = length.plus(number(1))
            elem = join(elem, value)
        return self.seq("dict", length, elem, node, key=key)

    # Operators.

    def ev_BinOp(self, node):
        left = self.ev(node.left)
        return self.binary(node.op, left, self.ev(node.right), node)

    def binary(self, op, left, right, node):
        if isinstance(left, Any) and not isinstance(right, Seq):
            left = left.as_num()
        if isinstance(right, Any):
            right = right.as_seq() if isinstance(left, Seq) \
                and not isinstance(op, ast.Mult) else right.as_num()
        if isinstance(left, Any):
            left = left.as_num() if isinstance(op, ast.Mult) \
                else left.as_seq()
        if isinstance(left, Seq) or isinstance(right, Seq):
            return self.binary_seq(op, left, right, node)
        if isinstance(left, Inst):
            return left
        a, b = as_num(left), as_num(right)
        method = getattr(self, "op_" + type(op).__name__, None)
        if method is None:
            return grown(a.growth() + b.growth())
        return method(a, b)

    def op_Add(self, a, b):
        return a.plus(b)

    def op_Sub(self, a, b):
        return a.plus(b, -1)

    def op_Mult(self, a, b):
        if a.known() and b.known():
            return number(a.const * b.const
                          if abs(a.const) < SMALL and abs(b.const) < SMALL
                          else SMALL)
        if a.known():
            return b.scaled(a.const)
        if b.known():
            return a.scaled(b.const)
        return grown(a.growth() * b.growth())

    def op_FloorDiv(self, a, b):
        if a.known() and b.known():
            return number(a.const // b.const if b.const else 0)
        if b.known() and 0 < abs(b.const) <= 1:
            return a
        if not b.known():
            return grown(a.growth())
        return grown(a.growth(), half=self.origins(a))

    op_Div = op_FloorDiv

    def origins(self, a):
        """What symbols a number comes from, divisions included."""
        made = set(a.syms())
        for sym in a.syms():
            made.update(sym.half)
        return tuple(made)

    def op_Mod(self, a, b):
        if b.known():
            if a.known() and b.const:
                return number(a.const % b.const)
            return grown(ONE)
        return grown(b.growth(), rest=tuple(a.syms()))

    def op_Pow(self, a, b):
        if a.known() and b.known():
            if abs(a.const) <= 1000 and 0 <= b.const <= FOLD_MAX:
                return number(a.const ** b.const)
            return number(SMALL)
        if b.known():
            if b.const <= 0:
                return grown(ONE)
            return grown(a.growth().power(b.const), half=self.origins(a)
                         if b.const < 1 else ())
        if a.known():
            return grown(b.growth().exp())
        return grown(a.growth() * b.growth().exp())

    def op_LShift(self, a, b):
        if a.known() and b.known():
            return number(int(a.const) << b.const
                          if abs(a.const) <= SMALL
                          and isinstance(b.const, int)
                          and 0 <= b.const <= FOLD_MAX else SMALL)
        if b.known():
            return grown(a.growth())
        return grown(a.growth() * b.growth().exp())

    def op_RShift(self, a, b):
        if a.known() and b.known():
            return grown(ONE)
        return grown(a.growth(), half=self.origins(a))

    def op_BitAnd(self, a, b):
        if a.known() or b.known():
            return grown(ONE)
        return grown(a.growth() + b.growth())

    def binary_seq(self, op, left, right, node):
        if isinstance(op, ast.Mult):
            seq, times = (left, right) if isinstance(left, Seq) \
                else (right, left)
            if isinstance(times, Seq):
                return UNKNOWN
            times = as_num(times)
            length = times.scaled(seq.length.const) if seq.length.known() \
                else grown(seq.growth() * times.growth())
            self.charge(length.growth(), node, "a sequence is repeated")
            made = self.seq("str" if seq.kind == "char" else seq.kind,
                            length, char() if seq.kind in ("char", "str")
                            else seq.elem, node)
            return made
        if isinstance(op, ast.Mod) and isinstance(left, Seq):
            return Seq("str", left.length, char())
        if not isinstance(left, Seq) or not isinstance(right, Seq):
            return left if isinstance(left, Seq) else right
        if left.kind in ("set", "dict") or right.kind in ("set", "dict"):
            self.charge(left.growth() + right.growth(), node,
                        "two sets are put together")
            if isinstance(op, ast.Sub):
                return self.seq(left.kind, left.length, left.elem, node)
        elif not isinstance(op, ast.Add):
            return UNKNOWN
        else:
            text = left.kind in ("str", "char")
            growth = left.growth() + right.growth()
            if not text or growth.kind() != "logarithmic":
                self.charge(growth, node, "joining two strings copies both"
                            if text else "joining two lists copies both")
        kind = "str" if left.kind == "char" else left.kind
        length = left.length.plus(right.length)
        made = self.seq(kind, length, join(left.elem, right.elem), node)
        made.source = left.source or right.source
        if left.items is not None and right.items is not None:
            made.items = (left.items + right.items)[:12] \
                if len(left.items) + len(right.items) <= 12 else None
        return made

    def ev_UnaryOp(self, node):
        value = self.ev(node.operand)
        if isinstance(node.op, ast.Not):
            return grown(ONE)
        if isinstance(node.op, ast.USub) and isinstance(value, (Num, Any)):
            return as_num(value).scaled(-1)
        return as_num(value)

    def ev_BoolOp(self, node):
        made = None
        for part in node.values:
            made = join(made, self.ev(part)) if made is not None \
                else self.ev(part)
        return made

    def ev_IfExp(self, node):
        truth = self.truth(node.test)
        if truth is not None:
            return self.ev(node.body if truth else node.orelse)
        call = self.calls[-1] if self.calls else None
        before = call.recs if call else 0
        value = self.ev(node.body)
        then = call.recs if call else 0
        if call:
            call.recs = before
        value = join(value, self.ev(node.orelse))
        if call:
            call.recs = max(call.recs, then)
        return value

    def ev_NamedExpr(self, node):
        value = self.ev(node.value)
        self.assign(node.target, value, node)
        return value

    def ev_Compare(self, node):
        left = self.ev(node.left)
        for op, right in zip(node.ops, node.comparators):
            right = self.ev(right)
            if isinstance(op, (ast.In, ast.NotIn)):
                self.membership(left, right, node)
            elif isinstance(left, Seq) and isinstance(right, Seq):
                self.looked(left)
                self.looked(right)
                if left.kind != "tuple" or right.kind != "tuple":
                    self.charge(left.weight() if left.length.parts
                                and right.length.parts else ONE, node,
                                "two sequences are compared")
            left = right
        return grown(ONE)

    def membership(self, item, seq, node):
        if isinstance(seq, Any):
            seq = seq.as_seq()
        if not isinstance(seq, Seq):
            return
        self.looked(seq)
        if seq.kind in ("list", "tuple", "deque", "iter"):
            self.charge(seq.growth(), node,
                        "`in` looks through a list")
        elif seq.kind == "str":
            self.charge(seq.growth(), node, "`in` looks through a string")

    # Items and attributes.

    def ev_Subscript(self, node):
        owner = self.ev(node.value)
        if isinstance(owner, Any):
            owner = owner.as_seq()
        if isinstance(node.slice, ast.Slice):
            return self.slice(owner, node.slice, node)
        key = self.ev(node.slice)
        if isinstance(owner, Inst):
            method = owner.cls.find("__getitem__")
            if isinstance(method, Func):
                return self.call(self.bound(method, owner), [key], {}, node)
            return UNKNOWN
        if not isinstance(owner, Seq):
            return UNKNOWN
        own = self.own_record(owner, key)
        if own is not None:
            own.records = True
            own.reads.add(id(owner))
            return owner.elem.within(own)
        self.looked(owner, whole=False)
        self.index_tells(owner, key)
        if owner.kind in ("list", "tuple", "token"):
            few = isinstance(key, Num) and all(
                sym.loop is not None and sym.loop.kind != "recursion"
                and sym.loop.iters.constant() for sym in key.syms())
            (self.fixed if few else self.gone).add(owner.growth().linear())
        if owner.kind == "char":
            return owner
        if owner.items is not None and isinstance(key, Num) \
                and key.known() and isinstance(key.const, int) \
                and -len(owner.items) <= key.const < len(owner.items):
            return owner.items[key.const]
        return self.fresh(owner.elem)

    def index_tells(self, owner, key):
        """An index that a loop counts: the loop chooses the item, and the
        sequence is as long as the loop."""
        if not isinstance(key, Num):
            return
        frames = {sym.loop for sym in key.syms() if sym.loop is not None}
        frames.discard(None)
        if not frames:
            if isinstance(owner.elem, Seq):
                self.choose(owner.elem, ())
            return
        if isinstance(owner.elem, Seq):
            self.choose(owner.elem, frames)
        if not owner.source or owner.kind == "dict":
            return
        length = owner.growth().linear()
        if length is None or self.kinds.get(length) != "length":
            return
        for sym in key.syms():
            other = sym.growth.linear()
            if other is not None and len(key.parts) == 1 \
                    and self.kinds.get(other) == "number":
                self.alias(length, other)
                return

    def slice(self, owner, cut, node):
        ends = [self.ev(e) if e is not None else None
                for e in (cut.lower, cut.upper, cut.step)]
        if not isinstance(owner, Seq):
            return UNKNOWN
        self.looked(owner)
        lower, upper, step = ends
        for end in (lower, upper):
            if isinstance(end, Num):
                self.index_tells(owner, end)
        length = owner.length
        if cut.step is None or (isinstance(step, Num) and step.known()
                                and step.const > 0):
            begin = as_num(lower) if lower is not None else number(0)
            end = as_num(upper) if upper is not None else owner.length
            if begin.known() and begin.const < 0:
                begin = owner.length.plus(begin) if upper is not None \
                    else owner.length.plus(number(-begin.const), -1)
                if upper is None:
                    length = number(-as_num(lower).const)
                    return self.cut(owner, length, node)
            if end.known() and end.const < 0:
                end = owner.length.plus(end)
            length = end.plus(begin, -1)
            if upper is not None and not length.known() \
                    and owner.growth().constant():
                length = grown(ONE)
        return self.cut(owner, length, node)

    def cut(self, owner, length, node):
        self.charge(length.growth(), node, "a slice copies")
        kind = "str" if owner.kind in ("str", "char") else owner.kind
        made = self.seq(kind, length, owner.elem, node)
        made.source = owner.source
        if owner.items is not None and length.known():
            made.items = None
        return made

    def ev_Attribute(self, node):
        owner = self.ev(node.value)
        return self.attribute(owner, node.attr, node)

    def attribute(self, owner, name, node):
        if isinstance(owner, Lib):
            return self.library(f"{owner.name}.{name}")
        if isinstance(owner, Inst):
            value = owner.fields.get(name)
            if value is None:
                value = owner.cls.find(name)
            if isinstance(value, Func):
                if value.owner == "property":
                    return self.call(self.bound(value, owner), [], {}, node)
                return self.bound(value, owner)
            return value if value is not None else UNKNOWN
        if isinstance(owner, Class):
            value = owner.find(name)
            if isinstance(value, Func) and value.owner == "class":
                return self.bound(value, owner)
            return value if value is not None else UNKNOWN
        if isinstance(owner, Seq):
            return Lib(f"seq.{name}", owner)
        if isinstance(owner, Any):
            if name in self.methods:
                return Lib(f"seq.{name}", owner.as_seq())
            return owner.field(name)
        if name in ("split", "readline"):
            # Text from somewhere: a line of input.
            return Lib("seq.split", self.read_line(node)) \
                if name == "split" else Lib("input")
        return Lib(f"seq.{name}", None) if name in self.methods else UNKNOWN

    def bound(self, func, me):
        if func.owner == "static":
            return func
        made = Func(func.node, func.scope, me, func.memo, func.owner)
        return made

    def ev_Lambda(self, node):
        return Func(node, self.scope)

    def ev_Starred(self, node):
        return self.ev(node.value)

    def ev_Await(self, node):
        return self.ev(node.value)

    def ev_Yield(self, node):
        value = self.ev(node.value) if node.value is not None else UNKNOWN
        call = self.calls[-1] if self.calls else None
        if call is not None:
            if call.items is None:
                call.items = Seq("iter", number(0))
                call.items.frames = call.frame
            self.grow(call.items, number(1), value)
        return UNKNOWN

    def ev_YieldFrom(self, node):
        value = self.ev(node.value)
        call = self.calls[-1] if self.calls else None
        if call is not None:
            seq = self.as_seq(value, node)
            if call.items is None:
                call.items = Seq("iter", number(0))
                call.items.frames = call.frame
            self.charge(seq.growth())
            self.grow(call.items, seq.length, seq.elem)
        return UNKNOWN

    # Sequences.

    def as_seq(self, value, node=None):
        """A sequence to go through, of whatever it is."""
        if isinstance(value, Seq):
            return value
        if isinstance(value, Any):
            return value.as_seq()
        if isinstance(value, Lib) and value.name in ("sys.stdin", "open()"):
            made = self.read_all(node)
            made.elem = self.read_line(node, inner=True)
            return made
        if isinstance(value, Inst):
            method = value.cls.find("__iter__")
            if isinstance(method, Func):
                made = self.call(self.bound(method, value), [], {}, node)
                if isinstance(made, Seq):
                    return made
        if isinstance(value, Num):
            return Seq("list", grown(ONE))
        self.doubt(node, "it cannot be told how many items there are to go "
                   "through")
        return Seq("list", grown(size(self.new_size("?", "unknown"))))

    def ev_ListComp(self, node):
        return self.comp(node, "list")

    def ev_SetComp(self, node):
        return self.comp(node, "set")

    def ev_GeneratorExp(self, node):
        return self.comp(node, "iter")

    def ev_DictComp(self, node):
        return self.comp(node, "dict")

    def comp(self, node, kind):
        kept, self.scope = self.scope, Scope(self.scope)
        length, elem, key, shared = self.generators(node, node.generators)
        self.scope = kept
        made = self.seq(kind, length, elem, node, key=key)
        if shared:
            made.spread = True
            self.choose(made, shared)
        if isinstance(elem, Seq) and not isinstance(node, ast.DictComp):
            elem.held = True
        return made

    def generators(self, node, generators):
        """Answers how many items there are, and one of them."""
        first = generators[0]
        seq = self.as_seq(self.ev(first.iter), first.iter)
        hint, self.hint = self.hint, None
        self.looked(seq)
        iters = seq.growth()
        if self.is_reading(seq):
            iters = ONE
        else:
            self.gone.add(seq.growth().linear())
        frame = Frame(node, "comp", iters, self.scope)
        frame.distinct = True
        outer, self.cost = self.cost, ONE
        self.frames.append(frame)
        call = self.calls[-1] if self.calls else None
        recs = call.recs if call else 0
        reads = self.reads
        self.loop_item(first.target, seq, frame, node)
        for test in first.ifs:
            self.ev(test)
        length, key = seq.length, UNKNOWN
        if len(generators) > 1:
            inner, elem, key, _ = self.generators(node, generators[1:])
            length = grown(seq.growth() * inner.growth())
        elif isinstance(node, ast.DictComp):
            key = self.ev(node.key)
            elem = self.ev(node.value)
        else:
            elem = self.ev(node.elt)
        if first.ifs:
            length = grown(length.growth())
        if call and call.recs > recs:
            call.fan = (call.fan or ONE) + frame.iters
        self.frames.pop()
        self.hint = hint
        frame.read = self.reads - reads
        self.end_loop(frame, outer, seq, node, "a comprehension")
        shared = self.chosen(seq) if seq.spread else ()
        return length, elem, key, shared
