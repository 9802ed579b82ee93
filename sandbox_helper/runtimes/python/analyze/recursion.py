# Part of zygote-python: calls of a program's own functions, and what those
# cost that call themselves.
#
# What each such call changes of the parameters (n - 1, n // 2, a half of a
# list, a neighbour that was not seen yet) and how many of them a single path
# through the function makes gives a recurrence, and that its solution.

import ast
import math

from .model import FACTORIAL, ONE, size
from .values import (UNKNOWN, Any, Class, Func, Inst, Lib, Num, Part, Scope,
                     Seq, grown, number)
from .engine import CALLS_MAX, Call, Frame
from .updates import DEFS, key_of, keys_in, names_in, walked


class Recursion:

    def call(self, func, args, kwargs, node):
        """Calls whatever it is."""
        if isinstance(func, Part):
            return self.call(func.func, func.args + args, kwargs, node)
        if isinstance(func, Lib):
            return self.call_library(func, args, kwargs, node)
        if isinstance(func, Class):
            return self.make(func, args, kwargs, node)
        if isinstance(func, Inst):
            method = func.cls.find("__call__")
            if isinstance(method, Func):
                func = self.bound(method, func)
        if not isinstance(func, Func):
            return UNKNOWN
        for call in reversed(self.calls):
            if call.func.node is func.node:
                return self.call_again(call, func, args, kwargs, node)
        if len(self.calls) >= CALLS_MAX:
            self.doubt(node, "functions call functions too deep")
            return UNKNOWN
        return self.call_first(func, args, kwargs, node)

    def make(self, cls, args, kwargs, node):
        made = Inst(cls)
        init = cls.find("__init__")
        if isinstance(init, Func):
            self.call(self.bound(init, made), args, kwargs, node)
        elif any(isinstance(base, Lib) for base in cls.bases):
            pass
        else:
            fields = [s.target.id for s in cls.node.body
                      if isinstance(s, ast.AnnAssign)
                      and isinstance(s.target, ast.Name)]
            made.fields.update(zip(fields, args))
            made.fields.update(kwargs)
        return made

    def bind(self, func, args, kwargs):
        """The parameters' values: a dict."""
        spec = func.node.args
        names = [a.arg for a in spec.posonlyargs + spec.args]
        if func.me is not None:
            args = [func.me] + args
        made = dict(zip(names, args))
        kept, self.scope = self.scope, func.scope
        for name, default in zip(reversed(names), reversed(spec.defaults)):
            if name not in made and name not in kwargs:
                made[name] = self.peek(default)
        for arg, default in zip(spec.kwonlyargs, spec.kw_defaults):
            if arg.arg not in kwargs and default is not None:
                made[arg.arg] = self.peek(default)
        self.scope = kept
        for name in names + [a.arg for a in spec.kwonlyargs]:
            if name in kwargs:
                made[name] = kwargs[name]
            made.setdefault(name, UNKNOWN)
            self.name_value(made[name], name)
        if spec.vararg is not None:
            more = args[len(names):]
            made[spec.vararg.arg] = Seq(
                "tuple", number(len(more)), more[0] if more else UNKNOWN,
                items=more or None)
        if spec.kwarg is not None:
            made[spec.kwarg.arg] = Seq("dict", number(len(kwargs)))
        return made

    def call_first(self, func, args, kwargs, node):
        scope = Scope(func.scope)
        scope.names = self.bind(func, args, kwargs)
        recursive = self.is_recursive(func)
        frame = None
        if recursive:
            frame = Frame(node, "recursion", ONE, scope)
        call = Call(func, scope, tuple(self.frames), self.hint)
        kept, self.scope = self.scope, scope
        outer, self.cost = self.cost, ONE
        self.calls.append(call)
        if recursive:
            self.frames.append(frame)
            self.entry(call, func, frame)
        if isinstance(func.node, ast.Lambda):
            call.result = self.ev(func.node.body)
        else:
            self.block(func.node.body)
        call.peak = max(call.peak, call.recs)
        if recursive:
            self.frames.pop()
        self.calls.pop()
        self.scope = kept
        body = self.cost
        if call.again:
            body = self.solve(call, body, frame, node)
        self.cost = outer + body
        self.hint = call.hint
        if call.items is not None:
            return call.items
        return call.result if call.result is not None else UNKNOWN

    def is_recursive(self, func):
        if func.recursive is None:
            name = getattr(func.node, "name", None)
            func.recursive = False
            body = func.node.body if isinstance(func.node.body, list) else []
            for statement in body:
                for part in walked(statement):
                    if isinstance(part, ast.Call) and name in (
                            getattr(part.func, "id", None),
                            getattr(part.func, "attr", None)):
                        func.recursive = True
        return func.recursive

    def entry(self, call, func, frame):
        """Numbers get a symbol each, to compare the next call's with."""
        names = call.scope.names
        for name, value in list(names.items()):
            if isinstance(value, Num):
                growth = value.growth()
                names[name] = grown(growth, loop=frame)
        for name, value in list(names.items()):
            if isinstance(value, Num):
                bound = self.bound_of(func.node, name)
                sym = value.parts[0][0]
                sym.growth = sym.growth + bound
            call.entry[name] = names[name]

    def bound_of(self, node, name):
        """What a parameter is compared with, for one that rises."""
        made = ONE
        for part in walked(node):
            if not isinstance(part, ast.Compare) or len(part.ops) > 2:
                continue
            sides = [part.left, *part.comparators]
            mine = [s for s in sides if name in names_in(s)]
            if not mine:
                continue
            for side in sides:
                if name in names_in(side) or isinstance(
                        side, ast.Constant):
                    continue
                if any(isinstance(n, ast.Call) and getattr(
                        n.func, "id", "") not in ("len", "int")
                        for n in walked(side)):
                    continue
                value = self.peek(side)
                if isinstance(value, Any) and value.seq is None:
                    value = value.as_num()
                if isinstance(value, Num):
                    made = made + value.growth()
        return made

    # A call within itself.

    def call_again(self, call, func, args, kwargs, node):
        self.charge(ONE)
        made = self.bind(func, args, kwargs)
        changes = {}
        for name, value in made.items():
            old = call.entry.get(name)
            if old is None:
                old = call.scope.names.get(name)
            changes[name] = self.change(old, value, call)
        call.recs += 1
        call.again.append((node, changes))
        if call.frame is not None and call.func.node is not \
                self.calls[-1].func.node:
            # By way of another function.
            self.calls[-1].recs += 1
        return call.result if call.result is not None else UNKNOWN

    def change(self, old, new, call):
        """What a call makes of a parameter."""
        if isinstance(old, Any) and isinstance(new, Num):
            old = old.as_num()
        if isinstance(old, Any) and isinstance(new, Seq):
            old = old.as_seq()
        if isinstance(old, Num) and isinstance(new, Num):
            return self.change_num(old, new)
        if isinstance(old, Seq) and isinstance(new, Seq):
            return self.change_seq(old, new)
        if isinstance(new, Any) and isinstance(old, Any):
            if new is old:
                return "same"
            return "child" if new.name.startswith(old.name) else "other"
        if isinstance(old, Inst) and new is not old:
            return "child"
        return "same" if new is old else "other"

    def change_num(self, old, new):
        step = new.plus(old, -1)
        if step.known():
            return "step" if step.const else "same"
        mine = set(old.syms())
        if any(mine & set(sym.half) for sym in new.syms()):
            return "half"
        if any(mine & set(sym.rest) or sym.rest for sym in new.syms()):
            return "rest"
        if any(sym.loop is not None and sym.loop.kind in (
                "for", "while", "comp") and sym.loop in self.frames
               for sym in new.syms()):
            return "drift" if mine & set(new.syms()) else "ahead"
        if mine & set(new.syms()):
            return "drift"
        return "other"

    def change_seq(self, old, new):
        if new is old:
            return "same"
        if any(set(old.length.syms()) & set(sym.half)
               for sym in new.length.syms()):
            return "half"
        step = new.length.plus(old.length, -1)
        if step.known():
            return "step" if step.const else "same"
        if new.growth() == old.growth():
            return "part"
        return "other"

    # The recurrence.

    def solve(self, call, work, frame, node):
        func = call.func.node
        count = max(call.peak, 1)
        kinds = []
        changing = {}
        for _, changes in call.again:
            how = set(changes.values()) - {"same"}
            for name, kind in changes.items():
                if kind != "same":
                    changing.setdefault(name, set()).add(kind)
            kinds.append(next((k for k in ("half", "rest", "child", "step",
                                           "part", "ahead", "drift",
                                           "other") if k in how), "same"))
        kind = next((k for k in ("other", "drift", "ahead", "part", "child",
                                 "step", "rest", "half", "same")
                     if k in kinds), "same")
        if call.func.memo or keeps(func):
            total = self.solve_memo(call, work, changing, node)
        else:
            total = self.solve_visits(call, work, frame, changing, kind)
            if total is None:
                total = self.solve_kind(call, work, kind, count, changing,
                                        node)
        total = total + frame.once if frame is not None else total
        if call.shared is not None:
            call.shared.once = call.shared.once + total
            return ONE
        times = total.over(work)
        for seq, amount in (frame.pending if frame is not None else ()):
            seq.length = grown(seq.growth() + amount.growth()
                               * (times if len(work.terms) == 1 else total))
        return total

    def about(self, call, text, growth, depth=None):
        """A note, and what the calls take on the stack."""
        self.depth = self.depth + (depth if depth is not None else growth)
        name = getattr(call.func.node, "name", "a lambda")
        self.note(call.func.node, f"`{name}` {text}", growth)

    def measure(self, call, changing, kinds):
        """How far the parameters have to go that change so."""
        made = None
        for name, hows in changing.items():
            if not hows & kinds:
                continue
            value = call.entry.get(name, call.scope.names.get(name))
            if isinstance(value, Any):
                value = value.as_num() if value.num is not None \
                    else value.as_seq()
            growth = value.growth() if isinstance(value, (Num, Seq)) \
                else ONE
            if growth.constant():
                continue
            made = made + growth if made is not None else growth
        return made

    def solve_memo(self, call, work, changing, node):
        states = depth = ONE
        for name in changing:
            value = call.entry.get(name, call.scope.names.get(name))
            if isinstance(value, Any):
                value = value.as_num() if value.num is not None \
                    else value.as_seq()
            if isinstance(value, (Num, Seq)):
                states = states * value.growth()
                depth = depth + value.growth()
        self.tell("dynamic programming", call.func.node)
        self.temporary = self.temporary + states
        self.about(call, "keeps its results: {} calls do work", states,
                   depth)
        if states.constant():
            self.doubt(node, "it cannot be told how many results a function "
                       "keeps")
        return states * work

    def solve_visits(self, call, work, frame, changing, kind):
        """A search through a graph, a grid or a tree, that comes to each
        place once."""
        func = call.func.node
        if kind in ("half", "rest", "part", "same"):
            return None
        if kind == "child":
            name = next(iter(changing))
            value = call.entry.get(name, call.scope.names.get(name))
            nodes = self.linked(value, name)
            self.tell("depth-first search", func)
            self.about(call, "comes to each node once: {} calls", nodes)
            return nodes * work
        seen, trees = seen_by(func, set(changing)), None
        if seen is None and kind == "other" and call.fan is not None:
            trees = indexed_by(func, set(changing))
        if seen is None and trees is None:
            merged = self.find_root(call, func, kind)
            return merged * work if merged is not None else None
        kept, self.scope = self.scope, call.scope
        places, marks = ONE, []
        for part in (seen or trees):
            value = self.peek(part)
            if isinstance(value, Any):
                value = value.as_seq()
            if isinstance(value, Seq):
                if seen is not None:
                    marks.append(value)
                inner = value.elem
                growth = value.growth()
                if isinstance(inner, Any) and len(changing) > 1:
                    inner = inner.as_seq()
                if isinstance(inner, Seq) and len(changing) > 1 \
                        and not inner.spread:
                    growth = growth * inner.growth()
                places = places + growth
        self.scope = kept
        if places.constant():
            return None
        call.shared = self.older(marks[:1])
        if frame is not None:
            frame.distinct = True
        self.tell("depth-first search", func)
        self.about(call, "comes to each place once: {} calls", places)
        if call.fan is not None and len(changing) <= 2 \
                and len(places.terms) == 1:
            edges = self.edges(call)
            if edges is not None:
                return places + edges
        return places * work

    def edges(self, call):
        """What a search's loops over neighbours cost in all."""
        for part in walked(call.func.node):
            if isinstance(part, ast.For):
                kept, self.scope = self.scope, call.scope
                seq = self.peek(part.iter)
                self.scope = kept
                if isinstance(seq, Seq) and (seq.spread
                                             or seq.held):
                    return seq.growth()
        return None

    def find_root(self, call, func, kind):
        """find(parent[x])."""
        for part in walked(func):
            if isinstance(part, ast.Call) and key_of(part.func) \
                    and part.args and isinstance(
                        part.args[-1], ast.Subscript) \
                    and key_of(part.func).rpartition(".")[2] == func.name:
                kept, self.scope = self.scope, call.scope
                seq = self.peek(part.args[-1].value)
                self.scope = kept
                if not isinstance(seq, Seq) or call.fan is not None \
                        or call.peak > 1:
                    return None
                if any(isinstance(n, ast.Assign) and isinstance(
                        n.targets[0], ast.Subscript)
                       for n in walked(func)):
                    self.tell("union-find", func)
                    log = seq.growth().log()
                    self.about(call, "shortens the way it goes: {} calls",
                               log, log)
                    return log
                self.about(call, "follows links: {} calls", seq.growth())
                return seq.growth()
        return None

    def solve_kind(self, call, work, kind, count, changing, node):
        halves = self.measure(call, changing, {"half"})
        if kind == "half" and halves is not None:
            return self.solve_half(call, work, count, halves)
        if kind == "rest":
            growth = self.measure(call, changing, {"rest", "other", "half"})
            log = (growth or ONE).log()
            self.tell("Euclid's algorithm", call.func.node)
            self.about(call, "calls itself with a remainder: {} calls", log)
            return log * work
        if kind == "part":
            growth = self.measure(call, changing, {"part"}) or ONE
            self.tell("quicksort", call.func.node)
            self.about(call, "calls itself for parts that can be as long as "
                       "what it has but one: {} calls at worst", growth)
            return growth * work
        depth = self.measure(call, changing, {"step", "ahead", "drift"})
        if depth is None:
            depth = self.measure(call, changing, {"half", "other"})
            if depth is not None and kind == "half":
                return self.solve_half(call, work, count, depth)
            if depth is None or "step" not in {
                    k for hows in changing.values() for k in hows}:
                self.doubt(call.func.node, "it cannot be told how deep a "
                           "function calls itself")
                return size(self.new_size("?", "unknown"))
        return self.solve_steps(call, work, kind, count, depth)

    def solve_half(self, call, work, count, growth):
        """The master theorem."""
        power = math.log2(count) if call.fan is None else 1
        names = growth.names()
        own = max((sum(p for n, (e, p, l) in t if n in names)
                   for t in work.terms), default=0)
        calls = growth.power(power) if power else growth.log()
        text = "calls itself with a half" if count == 1 else \
            f"calls itself {count} times with a half"
        self.about(call, text + ": {} calls", calls, growth.log())
        if own > power:
            return work
        if count == 1:
            self.tell("binary search" if work.constant()
                      else "divide and conquer", call.func.node)
        else:
            self.tell("divide and conquer", call.func.node)
        if own == power:
            return work * growth.log()
        return growth.power(power) * work

    def solve_steps(self, call, work, kind, count, depth):
        if call.fan is None and count == 1:
            self.about(call, "calls itself once with one less or more: {} "
                       "calls", depth)
            return depth * work
        if call.fan is None or kind == "ahead":
            base = max(1, math.log2(count))
            calls = depth.exp(base)
            self.tell("backtracking" if kind == "ahead" or call.fan
                      else "recursion that branches", call.func.node)
            self.about(call, f"calls itself {count} times with little less: "
                       "{} calls" if call.fan is None else
                       "takes or leaves each item: {} calls", calls, depth)
            return calls * work
        calls = depth.exp(FACTORIAL)
        self.tell("backtracking", call.func.node)
        self.about(call, "tries each order: {} calls", calls, depth)
        return calls


def keeps(func):
    """Whether a function looks its result up and stores it: a memo."""
    stored, returned, tested = set(), set(), set()
    for part in walked(func):
        if isinstance(part, ast.Assign):
            for target in part.targets:
                if isinstance(target, ast.Subscript):
                    stored.add(key_of(base(target)))
        elif isinstance(part, ast.Return) and part.value is not None:
            for n in walked(part.value):
                if isinstance(n, ast.Subscript):
                    returned.add(key_of(base(n)))
        elif isinstance(part, (ast.If, ast.IfExp)):
            for n in walked(part.test):
                if isinstance(n, ast.Subscript):
                    tested.add(key_of(base(n)))
                elif isinstance(n, ast.Compare) and isinstance(
                        n.ops[0], (ast.In, ast.NotIn)):
                    tested.add(key_of(base(n.comparators[0])))
    found = stored & returned & tested
    found.discard(None)
    return bool(found)


def base(node):
    while isinstance(node, ast.Subscript):
        node = node.value
    return node


def seen_by(func, params):
    """The sequences that mark where a function has been: it sets their item
    of its parameters, tests it, and never takes it back."""
    marked, tested = {}, set()
    for part in walked(func):
        if isinstance(part, DEFS) and part is not func:
            continue
        if isinstance(part, (ast.Assign, ast.AugAssign)):
            targets = getattr(part, "targets", None) or [part.target]
            for target in targets:
                if isinstance(target, ast.Subscript) \
                        and names_in(target) & params:
                    marked.setdefault(key_of(base(target)), []).append(
                        base(target))
        elif isinstance(part, ast.Call) and isinstance(
                part.func, ast.Attribute) and part.func.attr == "add" \
                and part.args and names_in(part.args[0]) & params:
            marked.setdefault(key_of(part.func.value), []).append(
                part.func.value)
        elif isinstance(part, (ast.If, ast.While, ast.IfExp)):
            tested |= set(keys_in(part.test))
            for n in walked(part.test):
                if isinstance(n, ast.Subscript):
                    tested.add(key_of(base(n)))
    found = [where[0] for key, where in marked.items()
             if key in tested and key is not None]
    if not found:
        return None
    if backs(func, {key_of(f) for f in found}):
        return None
    return found + (indexed_by(func, params) or [])


def backs(func, keys):
    """Whether a mark is taken back after a call: backtracking."""
    counts = {}
    for part in walked(func):
        if isinstance(part, ast.Assign) and isinstance(
                part.value, ast.Constant):
            for target in part.targets:
                if isinstance(target, ast.Subscript):
                    key = key_of(base(target)), part.value.value in (
                        False, 0, "", None, ".", "0")
                    counts[key] = True
        elif isinstance(part, ast.Call) and isinstance(
                part.func, ast.Attribute) and part.func.attr in (
                "remove", "discard") and key_of(part.func.value) in keys:
            return True
    return any((k, True) in counts and (k, False) in counts for k in keys)


def indexed_by(func, params):
    found = [part.value for part in walked(func)
             if isinstance(part, ast.Subscript)
             and names_in(part.slice) & params
             and isinstance(part.value, (ast.Name, ast.Attribute))]
    return found or None
