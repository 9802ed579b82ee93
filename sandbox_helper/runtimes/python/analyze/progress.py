# Part of zygote-python: how often a while loop runs.
#
# A loop ends when something in its condition gets where it must: a counter
# that rises or falls, halves or doubles, two that meet, a queue that empties.
# Each rule looks for one of these; a condition of several parts ends with the
# first, and "while True" with the condition of a break.

import ast

from .model import ONE, size, weight
from .values import Any, Inst, Lib, Num, Seq
from .queues import Plan, Queues
from .updates import (constant, halves, ids_below, key_of, keys_in, names_in,
                      nodes_of, updates_of, walked)

class Progress(Queues):

    def progress(self, node):
        """The plan of a while loop."""
        updates = updates_of(node.body)
        parts = self.conditions(node)
        plans = []
        for test, ends in parts:
            plans += self.plans_of(node, test, updates)
        if not plans:
            plan = self.plan_anyway(node, updates)
            if plan is None:
                self.doubt(node, "it cannot be told how often the loop runs")
                name = self.new_size("?", "unknown")
                return Plan(size(name))
            plans.append(plan)
        for plan in plans:
            self.share(node, plan, updates)
        return min(plans, key=lambda p: (
            p.shared is None, max(weight(t)[:3] for t in p.iters.terms)))

    def conditions(self, node):
        """The parts of which each ends the loop alone."""
        found = []
        test = node.test
        if isinstance(test, ast.Constant) or (
                isinstance(test, ast.Name)
                and isinstance(self.scope.find(test.id), Num)
                and self.is_flag(test.id, node.body)):
            for part, tests in nodes_of(node.body):
                stops = isinstance(part, (ast.Break, ast.Return)) or (
                    isinstance(test, ast.Name)
                    and isinstance(part, ast.Assign)
                    and any(key_of(t) == test.id for t in part.targets))
                if stops and tests:
                    found += [(t, way) for t, way in tests[-1:]]
                    for t, _ in tests[-1:]:
                        if isinstance(t, ast.BoolOp) and isinstance(
                                t.op, ast.Or):
                            found += [(v, True) for v in t.values]
            return found
        todo = [test]
        while todo:
            part = todo.pop(0)
            if isinstance(part, ast.BoolOp) and isinstance(part.op, ast.And):
                todo += part.values
            elif isinstance(part, ast.UnaryOp) and isinstance(
                    part.op, ast.Not):
                todo.append(part.operand)
            else:
                found.append((part, False))
        return found

    def is_flag(self, name, body):
        """A name that is only ever set to constants, to end the loop."""
        mine = updates_of(body).get(name, ())
        return bool(mine) and all(
            u.kind == "set" and isinstance(u.value, ast.Constant)
            for u in mine)

    def peek(self, node):
        """An expression's value, at no cost."""
        kept, cost, hint = self.dry, self.cost, self.hint
        self.dry += 1
        try:
            return self.ev(node)
        finally:
            self.dry, self.cost, self.hint = kept, cost, hint

    def key_value(self, key):
        name, _, field = key.partition(".")
        value = self.scope.find(name)
        if field and isinstance(value, Inst):
            return value.fields.get(field)
        if field and isinstance(value, Any):
            return value.field(field)
        return value

    def reach(self, test, but=()):
        """How far the values in a condition go, as numbers."""
        made = ONE
        for part in walked(test):
            if isinstance(part, (ast.Name, ast.Call, ast.Subscript,
                                 ast.Attribute)):
                if key_of(part) in but and key_of(part) is not None:
                    continue
                value = self.peek(part)
                if isinstance(value, Any) and value.seq is None:
                    value = value.as_num()
                if isinstance(value, Num):
                    made = made + value.growth()
        return made

    def number_of(self, key):
        value = self.key_value(key)
        if isinstance(value, Any):
            value = value.as_num() if value.seq is None else value
        return value.growth() if isinstance(value, Num) else ONE

    # The rules.

    def plans_of(self, node, test, updates):
        """All that a condition tells of when the loop ends."""
        if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
            plans = [self.plans_of(node, part, updates)[:1]
                     for part in test.values]
            made = [plan for some in plans for plan in some]
            if all(plans):
                for plan in made[1:]:
                    made[0].iters = made[0].iters + plan.iters
            return made[:1]
        for rule in (self.by_halving_range, self.by_remainder,
                     self.by_marks, self.by_link):
            plan = rule(node, test, updates)
            if plan is not None:
                return [plan]
        plans = [self.by_container(node, test, updates),
                 self.by_counter(node, test, updates)]
        return [plan for plan in plans if plan is not None]

    def by_halving_range(self, node, test, updates):
        """Binary search: a middle takes the place of one end."""
        ends = set(keys_in(test))
        for key, mine in updates.items():
            for update in mine:
                value = update.value
                self.spend(1)
                if value is None or not halves(value):
                    continue
                self.spend(sum(len(updates.get(k, ()))
                               for k in keys_in(value)))
                pair = [k for k in keys_in(value) if k in updates
                        and k != key]
                moved = [k for k in pair if any(
                    u.value is not None and key in keys_in(u.value)
                    for u in updates[k])]
                if len(pair) >= 2 and moved and (
                        ends & set(pair) or not ends & set(updates)):
                    plan = Plan(self.range_log(pair), "halves its range")
                    plan.algorithm = "binary search"
                    return plan
        return None

    def range_log(self, pair):
        growth = ONE
        for key in pair:
            growth = growth + self.number_of(key)
        if growth.constant():
            # Between constants: the range of the values that may be sought.
            name = self.range_size()
            return size(name).log()
        return growth.log()

    def range_size(self):
        for name, kind in self.kinds.items():
            if kind == "range":
                return name
        return self.new_size("V", "range")

    def by_remainder(self, node, test, updates):
        """Euclid: a, b = b, a % b."""
        for key in keys_in(test):
            kinds = {u.kind for u in updates.get(key, ())}
            if "mod" in kinds and len(updates) >= 1:
                values = [u.value for u in updates[key]
                          if u.kind == "mod"]
                mods = [v for v in values if v is not None and any(
                    isinstance(n, ast.Mod) for n in walked(v))]
                if not mods and values:
                    continue
                growth = self.number_of(key) + self.reach(test)
                plan = Plan(growth.log(), "takes remainders")
                plan.algorithm = "Euclid's algorithm"
                return plan
        return None

    def by_marks(self, node, test, updates):
        """while not seen[j]: seen[j] = True; j = p[j]: an item each time,
        whatever loops are around."""
        for part in walked(test):
            if not isinstance(part, ast.Subscript):
                continue
            key = key_of(part.value)
            seq = self.peek(part.value) if key else None
            if not isinstance(seq, Seq) or key in updates:
                continue
            marks = any(
                isinstance(n, ast.Assign) and constant(n.value)
                and any(isinstance(t, ast.Subscript)
                        and key_of(t.value) == key for t in n.targets)
                for n, tests in nodes_of(node.body) if not tests)
            if not marks or not set(keys_in(part.slice)) & set(updates):
                continue
            plan = Plan(seq.growth(), "marks an item each time")
            for frame in self.frames:
                if frame.scope is self.scope and frame not in seq.frames \
                        and frame.kind in ("for", "while"):
                    plan.shared = frame
                    plan.why = "marks an item each time it runs"
                    break
            return plan
        return None

    def by_link(self, node, test, updates):
        """x = parent[x], node = node.next."""
        for key in keys_in(test):
            links = [u for u in updates.get(key, ()) if u.kind == "link"]
            if not links:
                continue
            value = links[0].value
            if isinstance(value, ast.IfExp):
                value = value.body
            if isinstance(value, ast.Subscript):
                seq = self.peek(value.value)
                if isinstance(seq, Any):
                    seq = seq.as_seq()
                growth = seq.growth() if isinstance(seq, Seq) else ONE
                if self.compresses(node, value):
                    plan = Plan(growth.log(), "shortens the way it goes")
                    plan.algorithm = "union-find"
                    return plan
                plan = Plan(growth, "follows links", key)
                return plan
            if isinstance(value, ast.Attribute):
                sides = updates.get(key, ())
                owner = self.key_value(key)
                growth = self.linked(owner, key)
                attrs = {u.value.attr for u in sides
                         if isinstance(u.value, ast.Attribute)}
                how = "goes down a tree" if len(attrs) > 1 \
                    else "follows links"
                return Plan(growth, how, None)
        return None

    def linked(self, owner, key):
        """How many nodes hang together with one."""
        name = key.partition(".")[0]
        if isinstance(owner, Any):
            root = owner.name.partition(".")[0].partition("[")[0]
            for made, title in self.titles.items():
                if title == f"the nodes of {root}":
                    return size(made)
            return size(self.new_size(f"the nodes of {root}", "length"))
        for made, title in self.titles.items():
            if title and title.startswith("the nodes of"):
                return size(made)
        return size(self.new_size(f"the nodes of {name}", "length"))

    def compresses(self, node, value):
        """p[x] = p[p[x]] in the loop."""
        seq = key_of(value.value)
        for part in walked(node):
            if isinstance(part, ast.Assign):
                for target in part.targets:
                    if isinstance(target, ast.Subscript) \
                            and key_of(target.value) == seq \
                            and seq is not None \
                            and seq in keys_in(part.value):
                        return True
        return False

    def by_counter(self, node, test, updates):
        """Numbers that go where the condition ends."""
        moving = [k for k in keys_in(test) if k in updates]
        kinds = {k: {u.kind for u in updates[k]} for k in moving}
        for key in moving:
            how = kinds[key]
            if {"div", "mul"} <= how:
                return None
            if how & {"div", "mul", "bits"} and self.always(
                    node, updates[key]):
                growth = self.number_of(key) if how & {"div", "bits"} \
                    else self.reach(test, (key,))
                if "bits" in how:
                    growth = growth + self.reach(test, (key,))
                return Plan(growth.log(), "halves or doubles its counter"
                            if "bits" not in how else
                            "goes from bit to bit", key)
        for key in moving:
            plan = self.by_steps(node, test, updates, key, kinds, moving)
            if plan is not None:
                return plan
        return None

    def always(self, node, mine):
        """Whether each path, or each second one, halves or doubles."""
        good = [u for u in mine if u.kind in ("div", "mul", "bits")]
        other = [u for u in mine if u.kind in ("up", "down", "rise", "fall")]
        if any(not u.tests for u in good):
            return True
        if not other:
            return True
        return any("%" in ast.unparse(t) or "&" in ast.unparse(t)
                   for u in good for t, _ in u.tests)

    def by_steps(self, node, test, updates, key, kinds, moving):
        how = kinds[key]
        steps = how & {"up", "down", "rise", "fall"}
        if not steps and any(follows(u.value, key, updates)
                             for u in updates[key]):
            steps = how = {"rise"}
        if not steps or steps <= {"rise", "fall"} and unequal(test):
            return None
        bound = self.reach(test, (key,)) if len(moving) == 1 \
            else self.reach(test)
        start = self.number_of(key)
        both = len(moving) > 1 and any(
            kinds[k] & {"down", "fall"} for k in moving) and any(
            kinds[k] & {"up", "rise"} for k in moving)
        difference = bound + start
        if len(moving) == 1 and isinstance(test, ast.Compare):
            left, right = self.peek(test.left), self.peek(
                test.comparators[-1])
            if isinstance(left, Num) and isinstance(right, Num):
                gap = right.plus(left, -1)
                difference = ONE if gap.known() else gap.growth()
        plan = Plan(difference, "counts up" if "up" in how or "rise" in how
                    else "counts down", key, bound)
        if both:
            plan.how = "moves two pointers towards each other"
            plan.algorithm = "two pointers"
        if squared(test, key):
            plan.iters = difference.power(0.5)
            plan.bound = plan.iters
        elif self.explodes(updates, key):
            plan.iters = difference.log()
            plan.bound = difference
            plan.how = "takes steps that are multiplied"
        elif self.accelerates(updates, key):
            plan.iters = difference.power(0.5)
            plan.bound = difference
            plan.how = "takes ever wider steps"
        value = self.key_value(key)
        if isinstance(value, Num) and "down" in steps:
            sym = value.only()
            plan.alone = sym if sym is not None and sym.alone else None
        return plan

    def accelerates(self, updates, key):
        """tot += step, where step itself rises."""
        mine = [u for u in updates[key] if u.kind in ("rise", "fall")]
        if not mine or any(u.kind in ("up", "down") for u in updates[key]):
            return False
        for update in mine:
            if any(isinstance(n, (ast.Subscript, ast.Call))
                   for n in walked(update.value)):
                return False
            for name in keys_in(update.value):
                if name != key and any(u.kind == "up"
                                       for u in updates.get(name, ())):
                    return True
        return False

    def explodes(self, updates, key):
        """tot += 10 ** k, or step *= 2 elsewhere in the loop."""
        for update in updates[key]:
            if update.kind not in ("rise", "fall"):
                return False
            grows = any(
                isinstance(n, ast.BinOp)
                and isinstance(n.op, (ast.Pow, ast.LShift))
                and set(keys_in(n.right)) & set(updates)
                for n in walked(update.value)) or any(
                u.kind == "mul" for k in keys_in(update.value) if k != key
                for u in updates.get(k, ()))
            if not grows:
                return False
        return True

    def plan_anyway(self, node, updates):
        """No condition tells: a counter that only rises, say, or input that
        ends."""
        for part in walked(node):
            if isinstance(part, ast.Call):
                func = self.peek(part.func) if isinstance(
                    part.func, (ast.Name, ast.Attribute)) else None
                if isinstance(func, Lib) and func.name in (
                        "input", "raw_input", "sys.stdin.readline", "next"):
                    name = self.new_size("lines", "length")
                    return Plan(size(name), "reads to the end of its input")
        for key, mine in updates.items():
            value = self.key_value(key)
            if isinstance(value, Seq) and any(u.kind == "pop"
                                              for u in mine):
                plan = self.worklist(node, key, value, updates)
                if plan is not None:
                    return plan
        for key, mine in updates.items():
            if all(u.kind in ("up", "down") for u in mine) and any(
                    not u.tests for u in mine):
                growth = self.indexed_by(node, key)
                if not growth.constant():
                    return Plan(growth, "counts", key, growth)
        return None

    def indexed_by(self, node, key):
        """The sequences that a counter goes through."""
        made = ONE
        for part in walked(node):
            if isinstance(part, ast.Subscript) and key in keys_in(
                    part.slice):
                value = self.peek(part.value)
                if isinstance(value, Seq):
                    made = made + value.growth()
        return made

    # Loops that share their iterations.

    def share(self, node, plan, updates):
        """An inner loop whose counter, or stack, goes on where the last
        iteration of the outer one left it."""
        key = plan.key
        if key is None or key not in updates:
            return
        mine = {u.kind for u in updates[key]}
        found = None
        for frame in reversed(self.frames):
            if frame.kind not in ("for", "while") \
                    or frame.scope is not self.scope:
                break
            outside = self.outside(frame.node, node, key)
            if key in names_of_target(frame.node):
                break
            kinds = {u.kind for u in outside}
            if all(u.kind == "set" and u.value is not None and any(
                    follows(other.value, k, {key: [u]}, key)
                    for k in keys_in(u.value)
                    for other in updates_of(frame.node.body).get(k, ()))
                    for u in outside) and outside:
                kinds = {"up"} if "up" in mine else {"down"}
            if self.undone(mine, outside):
                plan.iters = ONE
                plan.how = "goes back no more than the loop around goes on,"
                return
            if "pop" in mine or "link" in mine:
                if kinds & {"set"} or "link" in mine:
                    break
                if "push" in kinds:
                    plan.iters = ONE
                    plan.how = ("takes out what the loop around put in,"
                                " each once")
                    return
            elif mine <= {"up", "rise"} and kinds <= {"up", "rise"}:
                pass
            elif mine <= {"down", "fall"} and kinds <= {"down", "fall"}:
                pass
            else:
                break
            found = frame
        if found is not None:
            plan.shared = found
            plan.why = "goes on where it stopped before"
            if "two pointers" not in self.found:
                self.tell("two pointers", node)

    def undone(self, mine, outside):
        """Whether an inner loop lowers what the outer one raises by one."""
        kinds = {u.kind for u in outside}
        if mine <= {"down", "link"}:
            return kinds == {"up"}
        return mine == {"up"} and kinds == {"down"}

    def outside(self, outer, inner, key):
        """What the body of a loop does to key elsewhere than in inner."""
        within = ids_below(inner)
        return [u for u in updates_of(outer.body).get(key, ())
                if id(u.node) not in within]


def unequal(test):
    """Whether a loop ends only if its counter meets a value exactly."""
    return isinstance(test, ast.Compare) and isinstance(
        test.ops[0], ast.NotEq)


def follows(value, key, updates, only=None):
    """Whether key takes over from another counter that began with it: i = j
    after j = i and j += 1."""
    if value is None:
        return False
    for other in keys_in(value):
        if other == key or only is not None and other != only:
            continue
        mine = updates.get(other, ())
        starts = any(u.value is not None and u.kind == "set"
                     and keys_in(u.value) == [key] for u in mine)
        if starts and (only is not None
                       or any(u.kind in ("up", "rise") for u in mine)):
            return True
    return False


def names_of_target(node):
    target = getattr(node, "target", None)
    return names_in(target) if target is not None else set()


def squared(test, key):
    """i * i <= n, i ** 2 <= n."""
    for part in walked(test):
        if isinstance(part, ast.BinOp):
            if isinstance(part.op, ast.Mult) \
                    and key_of(part.left) == key_of(part.right) == key:
                return True
            if isinstance(part.op, ast.Pow) and key_of(part.left) == key \
                    and constant(part.right):
                return True
    return False
