# Part of zygote-python: walks through a program as it would run, with values
# of which only the growth is known, and counts what it costs.
#
# The body of a loop is walked through twice: first to see what an iteration
# changes, then to count.  A function is walked through at each of its calls,
# so what nobody calls costs nothing.  All of it is bounded by STEPS_MAX.

import ast
import time

from .assign import Assignments
from .model import ONE
from .values import (UNKNOWN, Class, Func, Lib, Num, Scope, Seq, grown, join)

STEPS_MAX = 200000
SECONDS_MAX = 2
CALLS_MAX = 60        # functions in functions
NOTES_MAX = 400
MADE_MAX = 4000

GOES = None           # what a statement answers: the next one comes,
NEXT = "next"         # the loop goes on with its next iteration,
STOP = "stop"         # or the loop or function is left


class TooMuch(Exception):
    """The program is longer or more involved than what is looked at."""


class Frame:
    """A loop, or the body of a function that calls itself."""

    __slots__ = ("node", "kind", "iters", "once", "cases", "distinct",
                 "exits", "reads", "writes", "pending", "scope", "read",
                 "queue", "target", "total", "older", "records")

    def __init__(self, node, kind, iters, scope):
        self.node = node
        self.kind = kind          # for, while, comp, recursion
        self.iters = iters
        self.once = ONE           # what all iterations cost together
        self.cases = False        # each iteration is a test case of its own
        self.distinct = False     # each looks at another item
        self.exits = []           # the names at each break
        self.reads = set()        # older sequences that it looks at,
        self.writes = set()       # and that it changes
        self.older = False        # whether one of these is input
        self.records = False      # it goes through what was read for it
        self.pending = []         # sequences to grow by each call
        self.scope = scope
        self.read = 0
        self.queue = None         # what a search goes through, and how much
        self.target = None        # the loop whose iterations share its own,
        self.total = None         # and how many they are in all


class Call:
    """A call of a function while it is walked through."""

    __slots__ = ("func", "entry", "again", "recs", "peak", "fan", "result",
                 "hint", "items", "frame", "scope", "shared")

    def __init__(self, func, scope, frame, hint):
        self.func = func
        self.scope = scope
        self.frame = frame
        self.hint = hint
        self.entry = {}           # its parameters
        self.again = []           # its calls of itself
        self.recs = 0             # so many of them up to here, on one path
        self.peak = 0
        self.fan = None           # iterations of a loop around them
        self.result = None
        self.items = None         # what a generator yields
        self.shared = None        # the loop around that starts it again


class Engine(Assignments):

    def __init__(self):
        self.top = Scope()
        self.scope = self.top
        self.cost = ONE
        self.frames = []
        self.calls = []
        self.steps = 0
        self.deadline = time.monotonic() + SECONDS_MAX
        self.dry = 0
        self.hint = None          # how many values a line is taken apart to
        self.reads = 0
        self.prints = 0
        self.depth = ONE          # of recursions, for the space
        self.made = []            # sequences, for the space
        self.temporary = ONE
        self.reached = {}         # items: the loops that choose them
        self.titles = {}          # names of sizes
        self.kinds = {}           # number, length, value, range
        self.same = {}            # sizes that are others
        self.notes = []
        self.unknown = []         # reasons
        self.found = {}           # algorithms: line
        self.fixed = set()        # lengths of what constants index,
        self.gone = set()         # and of what is gone through
        self.open = False         # functions are told of, and no program
        self.spent = False        # there is no more time to follow anything
        self.batches = set()      # numbers of test cases that are read
                                  # before the first is answered,
        self.counted = set()      # and of what else is done so often

    # Sizes.

    def new_size(self, title, kind):
        name = f"v{len(self.titles)}"
        self.titles[name] = title
        self.kinds[name] = kind
        return name

    def real_size(self, name):
        seen = 0
        while name in self.same and seen < 50:
            name, seen = self.same[name], seen + 1
        return name

    def alias(self, name, other):
        """Two sizes turn out to be the same."""
        name, other = self.real_size(name), self.real_size(other)
        if name != other:
            self.same[name] = other

    # Costs.

    def charge(self, growth, node=None, what=None):
        self.cost = self.cost + growth
        self.counted |= growth.names()
        if what and not growth.constant():
            self.note(node, what, growth)

    def charge_all(self, seq, growth, node, what):
        """A cost of all items of a sequence, which several share."""
        if seq.spread:
            for target in self.frames:
                if target.distinct and target in self.chosen(seq):
                    target.once = target.once + growth
                    return
        self.charge(growth, node, what)

    def note(self, node, what, growth):
        """What the answer tells of, with all that it costs."""
        if self.dry or len(self.notes) >= NOTES_MAX:
            return
        total = growth * self.around(())
        line = getattr(node, "lineno", 0)
        self.notes.append((total, line, what, growth, self.chain()))

    def chain(self):
        """The loops around this place, for a sentence."""
        return tuple((getattr(f.node, "lineno", 0), f.iters)
                     for f in self.frames
                     if not f.cases and f.kind != "recursion")

    def doubt(self, node, why):
        if not self.dry:
            line = getattr(node, "lineno", 0)
            if (line, why) not in self.unknown:
                self.unknown.append((line, why))

    def tell(self, algorithm, node):
        if not self.dry:
            self.found.setdefault(algorithm, getattr(node, "lineno", 0))

    def step(self):
        self.spend(1)

    def spend(self, steps):
        self.steps += steps
        if self.steps > STEPS_MAX or self.steps % 64 == 0 \
                and time.monotonic() > self.deadline:
            raise TooMuch

    def around(self, frames):
        """How often, since there were only these loops, this place comes."""
        made, before = ONE, {}
        for frame in self.frames:
            if frame in frames or frame.cases:
                continue
            before[frame] = made
            if frame.target in before:
                made = before[frame.target] * (frame.target.iters
                                               + frame.total)
            else:
                made = made * frame.iters
        return made

    # Sequences.

    def seq(self, kind, length, elem=UNKNOWN, node=None, key=UNKNOWN,
            items=None, line=False):
        made = Seq(kind, length, elem, key, items)
        made.frames = tuple(self.frames)
        made.line = getattr(node, "lineno", 0)
        for value in [elem, *(items or ())]:
            if isinstance(value, Seq):
                value.held = True
        if kind not in ("iter", "range") and not self.dry:
            if len(self.made) < MADE_MAX:
                self.made.append(made)
        return made

    def grow(self, seq, amount, value=None):
        """Something is put into a sequence, at each coming to this place."""
        if value is not None:
            self.put(seq, value)
        frames = seq.frames
        if seq.held:
            chosen = self.chosen(seq)
            if chosen:
                frames = frames + tuple(chosen)
            elif any(f not in self.frames for f in frames):
                seq.spread = True
        times = self.around(frames)
        for frame in self.frames:
            if frame.target in seq.frames and not seq.held:
                # Made anew by a loop whose iterations share those of this
                # one: all of them together are as long as that.
                seq.spread = True
                self.choose(seq, {frame.target})
        for frame in self.frames:
            if frame.kind == "recursion" and frame not in seq.frames:
                frame.pending.append((seq, amount))
        if times.constant() and not any(
                f not in frames for f in self.frames):
            seq.length = seq.length.plus(amount)
        else:
            seq.length = grown(seq.growth() + times * amount.growth())
        seq.items = None
        self.wrote(seq)

    def choose(self, seq, frames):
        """Loops of which each iteration comes to another such sequence."""
        self.reached[id(seq)] = seq, tuple(frames)

    def chosen(self, seq):
        return self.reached.get(id(seq), (None, ()))[1]

    def view(self, seq, elem):
        """What goes through the same items."""
        made = Seq("iter", seq.length, elem)
        made.spread = seq.spread
        if seq.spread:
            self.choose(made, self.chosen(seq))
        return made

    def put(self, seq, value):
        if isinstance(value, Seq):
            value.held = True
        seq.elem = join(seq.elem, value)

    def wrote(self, seq):
        for frame in self.frames:
            if frame not in seq.frames:
                frame.writes.add(id(seq))

    def looked(self, seq, whole=True):
        if whole and not self.is_reading(seq) and seq.kind != "iter":
            self.gone.add(seq.growth().linear())
        for frame in self.frames:
            if frame not in seq.frames:
                frame.reads.add(id(seq))
                if seq.source == "input" and not seq.growth().constant():
                    frame.older = True

    def records(self, seq):
        """Whether it is a list of lines that were read, as many as a line
        said alone, and nothing was done with it."""
        parts = seq.length.parts
        return (seq.kind == "list" and len(parts) == 1 and parts[0][0].alone
                and isinstance(seq.elem, Seq) and seq.elem.source == "input"
                and not parts[0][0].growth.names() & self.counted)

    def own_record(self, seq, key):
        """The loop of which one iteration alone looks at this item of
        records, or None: of f records each has items f * i to f * i + f - 1."""
        if isinstance(key, Num) and len(key.parts) == 1 and self.frames \
                and self.records(seq):
            sym, each = key.parts[0]
            if sym.loop is self.frames[0] and 0 <= key.const < each \
                    and each == seq.length.parts[0][1]:
                return self.frames[0]
        return None

    def is_reading(self, seq):
        """The words of a line that a loop reads: it knows what to do with
        each, so to convert them is to read the line."""
        return (seq.source == "input" and isinstance(seq.elem, Seq)
                and seq.elem.kind == "token"
                and not self.around(()).constant())

    def settle(self):
        """Lists of which a program only ever uses certain items are as long
        as it expects."""
        for name in self.fixed - self.gone:
            if self.kinds.get(name) == "length" \
                    and self.real_size(name) == name:
                self.same[name] = ""
        for name in self.batches - self.counted:
            self.same[name] = ""

    # Statements.

    def block(self, body):
        for node in body:
            self.step()
            how = getattr(self, "do_" + type(node).__name__,
                          self.do_other)(node)
            if how is not GOES:
                return how
        return GOES

    def do_other(self, node):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.ev(child)
        return GOES

    def do_Expr(self, node):
        self.hint = None
        self.ev(node.value)
        if (isinstance(node.value, ast.Call)
                and isinstance(node.value.func, (ast.Name, ast.Attribute))):
            name = getattr(node.value.func, "id",
                           getattr(node.value.func, "attr", None))
            if name in ("exit", "quit", "_exit"):
                return STOP
        return GOES

    def do_Assign(self, node):
        kept, self.hint = self.hint, None
        for target in node.targets:
            if (isinstance(target, (ast.Tuple, ast.List)) and not any(
                    isinstance(t, ast.Starred) for t in target.elts)
                    and not isinstance(node.value, (ast.Tuple, ast.List))):
                self.hint = len(target.elts)
        adds = node.value
        if isinstance(adds, ast.BinOp) and isinstance(adds.op, ast.Add) \
                and isinstance(adds.left, ast.Name) \
                and isinstance(node.targets[0], ast.Name) \
                and adds.left.id == node.targets[0].id:
            old = self.scope.find(adds.left.id)
            if isinstance(old, Seq) and old.kind in ("str", "char"):
                more = self.ev(adds.right)
                if isinstance(more, Seq):
                    self.hint = kept
                    return self.grow_text(old, more, node)
        value = self.ev(node.value)
        self.hint = kept
        for target in node.targets:
            self.assign(target, value, node)
        return GOES

    def do_AnnAssign(self, node):
        if node.value is not None:
            self.hint = None
            self.assign(node.target, self.ev(node.value), node)
        return GOES

    def do_AugAssign(self, node):
        self.hint = None
        old = self.ev(node.target, load=True)
        value = self.ev(node.value)
        if isinstance(old, Seq) and isinstance(node.op, ast.Add) \
                and old.kind in ("list", "deque"):
            more = self.as_seq(value, node)
            self.charge(more.growth(), node, "a sequence is extended")
            self.grow(old, more.length, more.elem)
            return GOES
        if isinstance(node.op, ast.Add) and isinstance(old, Seq) \
                and isinstance(value, Seq):
            return self.grow_text(old, value, node)
        made = self.binary(node.op, old, value, node)
        self.assign(node.target, made, node)
        return GOES

    def grow_text(self, old, more, node):
        """Text that is added to grows in place, as long as nobody else has
        it: that is how Python does it."""
        growth = more.growth()
        if growth.kind() != "logarithmic":
            self.charge(growth, node, "text is added")
        made = self.seq("str", old.length.plus(more.length),
                        join(old.elem, more.elem), node)
        target = node.target if isinstance(node, ast.AugAssign) \
            else node.targets[0]
        self.assign(target, made, node)
        return GOES

    def do_Global(self, node):
        self.scope.globals.update(node.names)
        return GOES

    def do_Nonlocal(self, node):
        self.scope.nonlocals.update(node.names)
        return GOES

    def do_If(self, node):
        self.hint = None
        truth = self.truth(node.test)
        if truth is not None:
            return self.block(node.body if truth else node.orelse)
        scope, call = self.scope, self.calls[-1] if self.calls else None
        before = dict(scope.names)
        recs = call.recs if call else 0
        first = self.branch(node.body)
        then, scope.names = scope.names, before
        recs_then = call.recs if call else 0
        if call:
            call.recs = recs
        other = self.branch(node.orelse)
        if first is not GOES and other is not GOES:
            return STOP if first == other == STOP else NEXT
        if first is GOES and other is not GOES:
            scope.names = then
            if call:
                call.recs = recs_then
        elif first is GOES:
            self.merge(then)
            if call:
                call.recs = max(call.recs, recs_then)
        elif call:
            call.peak = max(call.peak, recs_then)
        return GOES

    def branch(self, body):
        """A branch that leaves a loop is gone through once, whatever the
        number of iterations."""
        outer, self.cost = self.cost, ONE
        how = self.block(body)
        cost, self.cost = self.cost, outer
        loops = [f for f in self.frames if f.kind in ("for", "while")]
        if self.calls:
            loops = [f for f in loops if f not in self.calls[-1].frame]
        if how is STOP and loops and body:
            target = loops[-1] if isinstance(body[-1], ast.Break) \
                else loops[0]
            if not target.cases:
                target.once = target.once + cost
                return how
        self.cost = outer + cost
        return how

    def merge(self, other):
        names = self.scope.names
        for name, value in other.items():
            if name not in names:
                names[name] = value
            elif names[name] is not value:
                names[name] = join(names[name], value)

    def do_For(self, node):
        return self.for_loop(node)

    do_AsyncFor = do_For

    def do_While(self, node):
        return self.while_loop(node)

    def do_Break(self, node):
        for frame in reversed(self.frames):
            if frame.kind in ("for", "while"):
                frame.exits.append(dict(self.scope.names))
                break
        return STOP

    def do_Continue(self, node):
        return NEXT

    def do_Raise(self, node):
        self.do_other(node)
        return STOP

    def do_Return(self, node):
        call = self.calls[-1] if self.calls else None
        self.hint = call.hint if call else None
        value = self.ev(node.value) if node.value is not None else UNKNOWN
        if call:
            call.peak = max(call.peak, call.recs)
            call.result = join(call.result, value) \
                if call.result is not None else value
        return STOP

    def do_FunctionDef(self, node):
        memo = False
        wrapped = []
        for decorator in node.decorator_list:
            name = decorator.func if isinstance(decorator, ast.Call) \
                else decorator
            name = getattr(name, "id", getattr(name, "attr", ""))
            if name in ("lru_cache", "cache", "memoize", "memo", "cached"):
                memo = True
            wrapped.append(name)
        func = Func(node, self.scope, memo=memo)
        if "staticmethod" in wrapped:
            func.owner = "static"
        elif "property" in wrapped or "cached_property" in wrapped:
            func.owner = "property"
        elif "classmethod" in wrapped:
            func.owner = "class"
        self.scope.home(node.name).names[node.name] = func
        return GOES

    do_AsyncFunctionDef = do_FunctionDef

    def do_ClassDef(self, node):
        bases = [self.ev(base) for base in node.bases]
        scope = Scope(self.scope)
        kept, self.scope = self.scope, scope
        self.block(node.body)
        self.scope = kept
        self.scope.home(node.name).names[node.name] = Class(
            node, scope, bases)
        return GOES

    def do_Import(self, node):
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            full = alias.name if alias.asname else name
            self.scope.home(name).names[name] = Lib(full)
        return GOES

    def do_ImportFrom(self, node):
        for alias in node.names:
            if alias.name == "*":
                self.star(node.module or "")
                continue
            name = alias.asname or alias.name
            self.scope.home(name).names[name] = self.library(
                f"{node.module}.{alias.name}")
        return GOES

    def do_Try(self, node):
        before = dict(self.scope.names)
        how = self.block(node.body)
        if how is GOES:
            how = self.block(node.orelse)
        after = []
        for handler in node.handlers:
            kept, self.scope.names = self.scope.names, dict(before)
            for name, value in kept.items():
                self.scope.names.setdefault(name, value)
            if self.block(handler.body) is GOES:
                after.append(self.scope.names)
            self.scope.names = kept
        if how is not GOES and after:
            self.scope.names, how = after.pop(), GOES
        for names in after:
            self.merge(names)
        return self.block(node.finalbody) or how

    do_TryStar = do_Try

    def do_With(self, node):
        for item in node.items:
            value = self.ev(item.context_expr)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, value, node)
        return self.block(node.body)

    do_AsyncWith = do_With

    def do_Delete(self, node):
        for target in node.targets:
            if isinstance(target, ast.Subscript):
                seq = self.ev(target.value)
                self.ev(target.slice)
                if isinstance(seq, Seq) and seq.kind in ("list", "deque"):
                    self.charge(seq.growth(), node,
                                "`del` moves the items behind")
        return GOES

    def do_Match(self, node):
        self.ev(node.subject)
        before = dict(self.scope.names)
        seen = [before]
        for case in node.cases:
            self.scope.names = dict(before)
            for part in ast.walk(case.pattern):
                name = getattr(part, "name", None)
                if isinstance(name, str):
                    self.scope.names[name] = UNKNOWN
            if case.guard is not None:
                self.ev(case.guard)
            if self.block(case.body) is GOES:
                seen.append(self.scope.names)
        self.scope.names = seen.pop()
        for names in seen:
            self.merge(names)
        return GOES

    def truth(self, test):
        """Of a condition whose outcome is plain: True or False."""
        value = self.ev(test)
        if isinstance(test, ast.Compare) and len(test.ops) == 1 \
                and isinstance(test.left, ast.Name) \
                and test.left.id == "__name__":
            return isinstance(test.ops[0], ast.Eq)
        if isinstance(test, ast.Constant):
            return bool(test.value)
        if isinstance(test, ast.Name) and isinstance(value, Num) \
                and value.known() and not self.calls:
            return bool(value.const)
        return None
