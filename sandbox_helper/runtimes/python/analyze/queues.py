# Part of zygote-python: while loops that take items out of what they may fill
# themselves: queues, stacks, heaps, the levels of a search.

import ast

from .model import ONE
from .values import Any, Func, Inst, Seq
from .updates import (halves, ids_below, key_of, keys_in, nodes_of, plain,
                      updates_of, walked)


class Plan:
    """How often a loop runs, and how that is known."""

    def __init__(self, iters, how="", key=None, bound=None):
        self.iters = iters
        self.how = how
        self.key = key            # its counter
        self.bound = bound        # what that gets to
        self.alone = None         # the number of test cases that it may be
        self.distinct = False     # each iteration takes another item
        self.shared = None        # the loop whose iterations share all these
        self.why = ""
        self.algorithm = None
        self.queue = None         # the queue that is a search's, its items


class Queues:

    def by_container(self, node, test, updates):
        """while queue:, while len(heap) > 1:, while s[0] != x:"""
        for key in keys_in(test):
            value = self.key_value(key)
            if isinstance(value, Any) and value.num is None and (
                    value.seq is not None or key in updates
                    and any(u.kind in ("pop", "push", "shrink")
                            for u in updates[key])):
                value = value.as_seq()
            if not isinstance(value, Seq):
                continue
            mine = updates.get(key, ())
            if not mine:
                mine = self.by_methods(node, key)
                if mine:
                    updates = {**updates, key: mine}
            kinds = {u.kind for u in mine}
            if "shrink" in kinds:
                cut = [u for u in mine if u.kind == "shrink"]
                growth = value.growth()
                if any(halving_slice(u.value, updates) for u in cut):
                    return Plan(growth.log(), "halves a sequence")
                return Plan(growth, "shortens a sequence")
            if "pop" in kinds:
                return self.worklist(node, key, value, updates)
            if kinds == {"set"}:
                # A level of a search after the other, or a closure.
                return self.worklist(node, key, value, updates)
            if "push" in kinds and self.length_of(test, key):
                bound = self.reach(test)
                return Plan(bound, "fills a sequence")
        return None

    def by_methods(self, node, key):
        """What methods that a loop calls do to their object's field."""
        owner, _, field = key.partition(".")
        value = self.scope.find(owner)
        found = []
        if not field or not isinstance(value, Inst):
            return found
        for part, tests in nodes_of(node.body):
            if isinstance(part, ast.Call) and isinstance(
                    part.func, ast.Attribute) \
                    and key_of(part.func.value) == owner:
                method = value.cls.find(part.func.attr)
                if isinstance(method, Func) and isinstance(
                        method.node.body, list):
                    args = method.node.args.args
                    me = args[0].arg if args else "self"
                    found += updates_of(method.node.body).get(
                        f"{me}.{field}", [])
        return found

    def length_of(self, test, key):
        for part in walked(test):
            if isinstance(part, ast.Call) and key_of(part.func) == "len" \
                    and part.args and key_of(part.args[0]) == key:
                return True
        return False

    def worklist(self, node, key, seq, updates):
        """A queue or stack that the loop itself fills."""
        mine = updates.get(key, ())
        pushes = [u for u in mine if u.kind == "push"]
        pops = [u for u in mine if u.kind == "pop"]
        start = seq.growth()
        if not pushes and pops:
            plan = Plan(start, "takes items out", key)
            return plan
        level = any(u.kind == "set" for u in mine) and not pops
        if level:
            return self.levels(node, key, seq, updates)
        if len(pops) > len(pushes) and not any(
                self.in_loop(node, u.node) for u in pushes):
            return Plan(start, "takes out more than it puts in")
        bound = self.visits(node, updates)
        plan = Plan(start + bound, "takes each item from a queue once")
        self.share_visits(plan, node, updates)
        plan.distinct = True
        plan.queue = key, plan.iters
        heap = any(isinstance(n, ast.Call) and key_of(n.func) in (
            "heappop", "heapq.heappop") for n in walked(node))
        plan.algorithm = "Dijkstra's algorithm" if heap and any(
            u.kind == "push" for u in pushes) else (
            "breadth-first search" if any(
                isinstance(u.node, ast.Call)
                and getattr(u.node.func, "attr", "") == "popleft"
                for u in pops) or any(
                isinstance(u.node, ast.Call) and u.node.args
                and isinstance(u.node.args[0], ast.Constant)
                and u.node.args[0].value == 0 for u in pops)
            else "depth-first search")
        if bound.constant():
            plan.algorithm = None
            if start.constant():
                return None
        return plan

    def share_visits(self, plan, node, updates):
        """What tells what was seen is older than loops around: all searches
        together see each item once."""
        marks = set()
        for part, tests in nodes_of(node.body):
            targets = getattr(part, "targets", None) if isinstance(
                part, ast.Assign) else [part.target] if isinstance(
                part, ast.AugAssign) else []
            for target in targets or []:
                if isinstance(target, ast.Subscript):
                    marks.add(key_of(root(target)))
            if isinstance(part, ast.Call) and isinstance(
                    part.func, ast.Attribute) and part.func.attr == "add":
                marks.add(key_of(part.func.value))
        olds = [self.key_value(k) for k in marks if k is not None]
        plan.shared = self.older([s for s in olds if isinstance(s, Seq)])
        plan.why = "sees each item once in all searches"

    def older(self, seqs):
        """The outermost loop that some sequence was there before."""
        for frame in self.frames:
            if frame.kind in ("for", "while") and not frame.cases and any(
                    frame not in seq.frames for seq in seqs):
                return frame
        return None

    def levels(self, node, key, seq, updates):
        """while level: for x in level: ... ; level = next_level"""
        bound = self.visits(node, updates)
        if bound.constant() and seq.growth().constant():
            return None
        plan = Plan(bound + seq.growth(), "goes level by level")
        plan.distinct = True
        plan.queue = key, plan.iters
        return plan

    def in_loop(self, outer, inner):
        for part in walked(outer):
            if part is not outer and isinstance(
                    part, (ast.For, ast.While)) \
                    and id(inner) in ids_below(part):
                return True
        return False

    def visits(self, node, updates):
        """The size of what tells what was seen: what a condition of the loop
        looks up, and the loop changes."""
        best = ONE
        bounds = ONE
        changed = set()
        for part, tests in nodes_of(node.body):
            if isinstance(part, ast.Subscript) and isinstance(
                    part.ctx, ast.Store):
                changed |= {key_of(root(part))}
            elif isinstance(part, ast.AugAssign):
                changed |= {key_of(root(part.target))}
        changed |= {k for k, us in updates.items()
                    if any(u.kind in ("push", "pop") for u in us)}
        for part, tests in nodes_of(node.body):
            if isinstance(part, ast.Subscript):
                value = self.peek(part.value)
                if isinstance(value, Any):
                    value = value.as_seq()
                if isinstance(value, Seq) and value.kind != "tuple" \
                        and value.source != "line":
                    if not isinstance(part.value, ast.Subscript):
                        if key_of(part.value) in changed or isinstance(
                                value.elem, Seq):
                            best = best + self.table(value, part)
            elif isinstance(part, ast.Compare) and len(part.ops) == 2 \
                    and all(isinstance(o, (ast.Lt, ast.LtE))
                            for o in part.ops):
                bounds = bounds * self.reach(part.comparators[1])
        return best + bounds

    def table(self, value, part):
        inner = value.elem
        if isinstance(inner, Seq) and not inner.spread \
                and inner.kind in ("list", "str"):
            return value.growth() * inner.growth() \
                if not inner.length.known() else value.growth()
        return value.growth()


def root(node):
    while isinstance(node, ast.Subscript):
        node = node.value
    return node


def halving_slice(value, updates):
    value = plain(value)
    if not isinstance(value, ast.Subscript) or not isinstance(
            value.slice, ast.Slice):
        return False
    for end in (value.slice.lower, value.slice.upper):
        if end is None:
            continue
        if halves(end):
            return True
        for key in keys_in(end):
            if any(u.value is not None and halves(u.value)
                   for u in updates.get(key, ())):
                return True
    return False
