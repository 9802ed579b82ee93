# Part of zygote-python: loops, how often they run and what that costs.

import ast
from copy import copy

from .model import LOGLOG, ONE, Growth, tidy
from .values import Any, Inst, Num, Seq, grown
from .engine import GOES, STOP, Frame
from .progress import Plan, Progress
from .updates import (carried, ids_below, key_of, nodes_of, updates_of,
                      walked)


class Loops(Progress):

    def for_loop(self, node):
        self.hint = None
        seq = self.as_seq(self.ev(node.iter), node.iter)
        self.looked(seq)
        self.gone.add(seq.growth().linear())
        iters = seq.growth()
        frame = Frame(node, "for", iters, self.scope)
        frame.distinct = True
        frame.records = self.records(seq)
        key = key_of(node.iter)
        if key is not None and seq.kind in ("list", "deque"):
            grows = updates_of(node.body).get(key, ())
            if any(u.kind == "push" for u in grows):
                plan = self.worklist(node, key, seq, updates_of(node.body))
                if plan is not None:
                    frame.iters, frame.distinct = plan.iters, plan.distinct

        def body():
            self.loop_item(node.target, seq, frame, node)
            return self.block(node.body)

        if seq.spread:
            shared = self.hoist_spread(seq, ONE)
            if shared is not None:
                frame.target, frame.total = shared[0], seq.growth()
        plan = self.within_queue(node, key)
        if plan is not None:
            frame.iters = plan.iters
            frame.target, frame.total = plan.shared, plan.iters
            return self.run_loop(frame, body, plan, None, "the loop")
        alone = None
        if seq.kind == "range" or frame.records:
            sym = seq.length.only()
            alone = sym if sym is not None and sym.alone else None
        return self.run_loop(frame, body, seq, alone, "the loop")

    def within_queue(self, node, key):
        """A loop over a level of a search, or over as many items as a queue
        has: all the levels together are the whole search."""
        for frame in reversed(self.frames):
            if frame.queue is None or frame.scope is not self.scope:
                continue
            name, growth = frame.queue
            pops = any(u.kind == "pop" and not self.in_loop(node, u.node)
                       for u in updates_of(node.body).get(name, ()))
            if name == key or pops:
                plan = Plan(growth)
                plan.shared = frame
                plan.why = "goes through a level of the search"
                return plan
        return None

    def while_loop(self, node):
        self.hint = None
        self.forget(node.body)
        self.spend(len(nodes_of(node.body)))
        plan = self.progress(node)
        frame = Frame(node, "while", plan.iters, self.scope)
        frame.distinct = plan.distinct
        frame.queue = plan.queue
        if plan.shared is not None and plan.shared in self.frames:
            frame.target, frame.total = plan.shared, plan.iters
        if plan.algorithm:
            self.tell(plan.algorithm, node)

        def body():
            self.ev(node.test)
            if plan.key is not None:
                self.counter(plan, frame)
            return self.block(node.body)

        return self.run_loop(frame, body, plan, plan.alone, "the loop")

    def counter(self, plan, frame):
        """Within the loop its counter is not beyond its bound."""
        value = self.scope.find(plan.key)
        if isinstance(value, Num) and plan.bound is not None:
            self.scope.home(plan.key).names[plan.key] = grown(
                value.growth() + plan.bound, loop=frame)

    def forget(self, body):
        """What is assigned in a loop has no value that is known before."""
        updates = updates_of(body)
        for key in updates:
            value = self.scope.find(key)
            if isinstance(value, Num) and value.known():
                self.scope.home(key).names[key] = grown(ONE)
            elif isinstance(value, Seq) and value.length.known() and any(
                    u.kind == "set" for u in updates[key]):
                made = copy(value)
                made.length = grown(ONE)
                self.scope.home(key).names[key] = made

    def run_loop(self, frame, body, seq, alone, what):
        node = frame.node
        self.forget(node.body)
        outer, call = self.cost, self.calls[-1] if self.calls else None
        before = self.snapshot()
        recs = call.recs if call else 0
        fan = call.fan if call else None
        self.frames.append(frame)
        if not self.dry:
            reads, prints = self.reads, self.prints
            self.dry += 1
            again = len(call.again) if call else 0
            self.cost = ONE
            body()
            self.dry -= 1
            frame.read = self.reads - reads
            self.widen(before, frame)
            if alone is not None and len(self.frames) == 1:
                frame.cases = self.is_cases(frame, self.prints - prints,
                                            self.cost)
                if frame.cases and not frame.read:
                    self.batches |= frame.iters.names()
            frame.once = ONE
            frame.exits = []
            frame.pending = []
            if call:
                call.recs, call.fan = recs, fan
                del call.again[again:]
        self.cost = ONE
        how = body()
        self.widen(before, frame)
        self.frames.pop()
        if how is STOP and not any(True for _ in continues(node.body)) \
                and frame.kind == "for":
            frame.iters = ONE
        for names in frame.exits:
            self.merge(names)
        if call and call.recs > recs:
            self.recursive_loop(frame, seq, call, recs)
        self.end_loop(frame, outer, seq, node, what)
        if frame.kind == "while" and is_true(node.test) \
                and not frame.exits and not breaks(node.body):
            return STOP
        return self.block(node.orelse) if node.orelse else GOES

    def recursive_loop(self, frame, seq, call, recs):
        """A loop around a function's calls of itself."""
        length = getattr(seq, "length", None)
        if isinstance(length, Num) and length.known() \
                and 0 <= length.const <= 16:
            call.recs = recs + (call.recs - recs) * max(1, length.const)
        elif not frame.iters.constant():
            call.fan = (call.fan or ONE) + frame.iters
        else:
            call.recs = recs + (call.recs - recs) * 2

    def end_loop(self, frame, outer, seq, node, what):
        """Adds to the cost what the loop costs with its iterations."""
        body, iters = self.cost, frame.iters
        self.cost = outer
        hoisted = self.hoist(frame, seq, body)
        if hoisted is not None:
            target, total, why = hoisted
            target.once = target.once + total
            self.cost = outer + frame.once
            self.notes_amortised(node, target, total, what, why)
            return
        if frame.cases:
            self.note(node, "the loop goes through test cases, and what one "
                      "of them costs is told", ONE)
            self.cost = outer + body + frame.once
            return
        if not frame.read or frame.writes or not body.constant():
            self.counted |= iters.names()
        total = iters * body + frame.once
        self.cost = outer + total
        how = getattr(seq, "how", None) or ""
        text = f"{what}{' ' + how + ' and' if how else ''} runs {{}} times"
        if not iters.constant():
            self.note(node, text, iters)

    def notes_amortised(self, node, target, total, what, why):
        if self.dry:
            return
        made = total
        for frame in self.frames:
            if frame is target:
                break
            if not frame.cases:
                made = made * frame.iters
        line = getattr(node, "lineno", 0)
        self.notes.append((made, line, f"{what} {why}, {{}} times in all",
                           total, ()))

    def between(self, target):
        """How often this place comes in an iteration of a loop around."""
        made = ONE
        for frame in self.frames[self.frames.index(target) + 1:]:
            if not frame.cases:
                made = made * frame.iters
        return made

    def hoist(self, frame, seq, body):
        """A loop that all iterations of one around it share: the frame of
        that, what it costs in all of them, and why."""
        if isinstance(seq, Seq):
            if seq.spread:
                return self.hoist_spread(seq, body)
            if seq.source == "steps":
                return self.hoist_steps(frame, seq, body)
            return None
        target = getattr(seq, "shared", None)
        if target is None or target not in self.frames:
            return None
        return target, seq.iters * body, seq.why

    def hoist_spread(self, seq, body):
        for target in self.frames:
            if target.distinct and target in self.chosen(seq):
                return (target, seq.growth() * body * self.between(target),
                        "goes through each item's own ones")
        return None

    def hoist_steps(self, frame, seq, body):
        """range(i, n, i) in a loop that counts i: n/1 + n/2 + ... + n/n."""
        sym = seq.key.only() if isinstance(seq.key, Num) else None
        target = sym.loop if sym is not None else None
        if target is None or target not in self.frames:
            return None
        log = seq.elem.growth().log()
        if guarded(target.node, frame.node):
            log = loglog(log)
            self.tell("sieve of Eratosthenes", frame.node)
        return (target, seq.elem.growth() * log * body
                * self.between(target),
                "has ever wider steps")

    def loop_item(self, target, seq, frame, node):
        """Gives the loop's names the next item."""
        elem = seq.elem
        if isinstance(elem, Seq) and elem.kind == "tuple" and elem.items:
            made = Seq("tuple", elem.length, elem.elem, items=[
                self.loop_value(v, frame) for v in elem.items])
            made.frames = tuple(self.frames)
            elem = made
        else:
            elem = self.loop_value(elem, frame)
        if isinstance(elem, Seq) and frame.records:
            elem = elem.within(frame)
        if isinstance(elem, Seq):
            self.choose(elem, {frame})
        self.assign(target, elem, node)

    def loop_value(self, value, frame):
        if isinstance(value, Num):
            sym = value.only()
            if sym is not None or value.parts:
                return grown(value.growth(), loop=frame)
            return grown(ONE, loop=frame)
        if isinstance(value, Seq):
            self.choose(value, {frame})
        return value

    def snapshot(self):
        scopes = [self.scope]
        scope = self.scope.outer
        while scope is not None:
            scopes.append(scope)
            scope = scope.outer
        return [(scope, dict(scope.names)) for scope in scopes]

    def widen(self, before, frame):
        """Numbers that an iteration changes, after all of them."""
        for scope, names in before:
            for name, old in names.items():
                new = scope.names.get(name)
                if new is old:
                    continue
                if isinstance(old, Num) and isinstance(new, Num):
                    scope.names[name] = self.widened(old, new, frame)
                elif isinstance(old, Seq) and isinstance(new, Seq) \
                        and not old.length.same(new.length):
                    new.length = self.widened(old.length, new.length, frame)

    def widened(self, old, new, frame):
        if old.same(new):
            return new
        step = new.plus(old, -1)
        growth = old.growth()
        mine = dict(new.parts)
        if old.parts and not frame.iters.constant() and all(
                mine.get(sym, 0) >= 2 * k > 0 for sym, k in old.parts):
            return grown(growth * frame.iters.exp())
        if step.known():
            growth = growth + frame.iters
        else:
            kept = set(old.syms())
            if kept and kept <= set(new.syms()):
                growth = growth + frame.iters * step.growth()
            else:
                growth = growth + new.growth()
        return grown(growth.whole())

    def is_cases(self, frame, prints, body):
        """Whether the loop answers one test case after the other: it reads
        each, writes its answer, takes nothing from one to the next and needs no
        input that was there before.  Those that were read before it are a few
        numbers each: a longer line may be a row of one problem's table."""
        if frame.reads & frame.writes:
            return False
        if not frame.read and not (frame.records and body.constant()):
            return False
        if frame.older or not prints:
            return False
        body = frame.node.body
        names = carried(body)
        if frame.kind == "while":
            names -= {key for key, all_of in updates_of(body).items()
                      if all(u.kind in ("down", "up") for u in all_of)}
        known = {name for name in names
                 if self.scope.find(name) is not None
                 and not isinstance(self.scope.find(name), (Inst, Any))}
        return not known


def loglog(log):
    """log log n of log n."""
    return Growth(tidy({tuple((name, (e, p, LOGLOG if l else 0))
                              for name, (e, p, l) in term)
                        for term in log.terms}))


def guarded(outer, inner):
    """Whether inner is under a condition in the loop outer."""
    for node in walked(outer):
        if isinstance(node, ast.If) and id(inner) in ids_below(node):
            return True
    return False


def is_true(test):
    return isinstance(test, ast.Constant) and bool(test.value)


def breaks(body):
    """The breaks of a loop of this body."""
    for node in body:
        if isinstance(node, ast.Break):
            return True
        if isinstance(node, (ast.For, ast.While, ast.FunctionDef,
                             ast.ClassDef)):
            if breaks(getattr(node, "orelse", [])):
                return True
            continue
        for name in ("body", "orelse", "finalbody"):
            if breaks(getattr(node, name, None) or []):
                return True
        for handler in getattr(node, "handlers", ()):
            if breaks(handler.body):
                return True
    return False


def continues(body):
    for node in body:
        for part in walked(node):
            if isinstance(part, ast.Continue):
                yield part
