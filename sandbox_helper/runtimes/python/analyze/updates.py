# Part of zygote-python: what the statements of a loop do to names, as far as
# their text alone tells it.

import ast

PUSH = {"append", "appendleft", "add", "push", "put", "insert", "extend",
        "extendleft", "heappush", "insort", "insort_left", "update"}
POP = {"pop", "popleft", "popitem", "heappop", "get", "remove", "discard"}
LOOPS = (ast.For, ast.While, ast.AsyncFor)
DEFS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


KEPT = {}     # what was found out of a loop's body, which does not change


SPEND = []    # what is told how many nodes were looked at


def kept(find):
    """Each of these functions looks at a body once."""
    def found(body):
        key = find.__name__, id(body)
        if key not in KEPT:
            KEPT[key] = body, find(body)
            for spend in SPEND:
                spend(len(KEPT[key][1]))
        return KEPT[key][1]
    return found


@kept
def walked(node):
    """All nodes below one, and itself."""
    return list(ast.walk(node))


@kept
def ids_below(node):
    return {id(n) for n in walked(node)}


def key_of(node):
    """A name, or an attribute of a name: what can be a counter."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return None


@kept
def keys_in(node):
    """All of them in an expression, in order."""
    found, todo = [], [node]
    while todo:
        part = todo.pop()
        key = key_of(part)
        if key is not None:
            if key not in found:
                found.append(key)
            continue
        if isinstance(part, ast.Call):
            todo += [*part.args]
            if isinstance(part.func, ast.Attribute):
                todo.append(part.func.value)
            continue
        if not isinstance(part, DEFS):
            todo += ast.iter_child_nodes(part)
    return found


@kept
def names_in(node):
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


@kept
def nodes_of(body):
    """All nodes of some statements but those of functions in them, each with
    the conditions that it is under."""
    found = []
    todo = [(node, ()) for node in reversed(body)]
    while todo:
        node, tests = todo.pop()
        found.append((node, tests))
        if isinstance(node, DEFS):
            continue
        if isinstance(node, ast.If):
            todo.append((node.test, tests))
            todo += [(n, tests + ((node.test, True),)) for n in node.body]
            todo += [(n, tests + ((node.test, False),)) for n in node.orelse]
            continue
        todo += [(n, tests) for n in ast.iter_child_nodes(node)]
    return found


def plain(node):
    """Without int() and the like around it."""
    while (isinstance(node, ast.Call) and len(node.args) == 1
           and isinstance(node.func, (ast.Name, ast.Attribute))
           and getattr(node.func, "id", getattr(node.func, "attr", ""))
           in ("int", "floor", "ceil", "round", "abs", "float", "Decimal")):
        node = node.args[0]
    return node


def constant(node):
    node = plain(node)
    if isinstance(node, ast.UnaryOp):
        node = node.operand
    if isinstance(node, ast.BinOp):
        return constant(node.left) and constant(node.right)
    return isinstance(node, ast.Constant) and isinstance(
        node.value, (int, float))


def halves(node):
    """Whether an expression takes a fraction: x // 2, x >> 1, x * 0.5."""
    node = plain(node)
    if not isinstance(node, ast.BinOp):
        return False
    if isinstance(node.op, (ast.FloorDiv, ast.Div)):
        return constant(node.right)
    if isinstance(node.op, ast.RShift):
        return True
    if isinstance(node.op, ast.Mult):
        for side in (node.left, node.right):
            if isinstance(side, ast.Constant) and isinstance(
                    side.value, float) and 0 < side.value < 1:
                return True
    if isinstance(node.op, (ast.Add, ast.Sub)):
        return halves(node.left) or halves(node.right)
    return False


class Update:

    __slots__ = ("kind", "node", "value", "tests")

    def __init__(self, kind, node, value, tests):
        self.kind = kind
        self.node = node
        self.value = value
        self.tests = tests


def lowbit(key, value):
    """x & -x, or x & (x - 1)."""
    return isinstance(value, ast.BinOp) and isinstance(
        value.op, ast.BitAnd) and names_in(value) == {key.split(".")[0]}


def of_operator(key, op, value):
    """The kind of key = key op value."""
    if isinstance(op, (ast.Add, ast.Sub)):
        up = isinstance(op, ast.Add)
        if lowbit(key, value):
            return "bits"
        if isinstance(value, ast.UnaryOp) and isinstance(
                value.op, ast.USub):
            up = not up
        if constant(value):
            return "up" if up else "down"
        return "rise" if up else "fall"
    if isinstance(op, (ast.FloorDiv, ast.Div, ast.RShift)):
        return "div"
    if isinstance(op, (ast.Mult, ast.LShift)):
        if isinstance(value, ast.Constant) and isinstance(
                value.value, float) and value.value < 1:
            return "div"
        return "mul"
    if isinstance(op, ast.Mod):
        return "mod"
    if isinstance(op, ast.Pow):
        return "mul"
    if isinstance(op, (ast.BitAnd, ast.BitOr)):
        return "bits"
    return "set"


def of_value(key, value):
    """The kind of key = value."""
    value = plain(value)
    if isinstance(value, ast.BinOp):
        if key_of(plain(value.left)) == key:
            return of_operator(key, value.op, value.right)
        if key_of(plain(value.right)) == key and isinstance(
                value.op, (ast.Add, ast.Mult)):
            return of_operator(key, value.op, value.left)
        if isinstance(value.op, ast.Mod):
            return "mod"
        if halves(value) and key in keys_in(value):
            return "div" if len(keys_in(value)) == 1 else "mid"
        if isinstance(value.op, (ast.Add, ast.Sub)) \
                and key_of(plain(value.left)) is None \
                and key in keys_in(value.left):
            inner = of_value(key, value.left)
            return inner if inner in ("up", "down", "div", "mul") else "set"
        return "set"
    if isinstance(value, ast.Subscript):
        if key_of(value.value) == key and isinstance(value.slice, ast.Slice):
            return "shrink"
        if key in keys_in(value.slice) or key_of(value.value) == key:
            return "link"
    if isinstance(value, ast.Attribute) and key_of(value.value) == key:
        return "link"
    if isinstance(value, ast.IfExp):
        kinds = {of_value(key, value.body), of_value(key, value.orelse)}
        return kinds.pop() if len(kinds) == 1 else "link" \
            if "link" in kinds else "set"
    return "set"


def of_target(found, target, value, node, tests):
    if isinstance(target, (ast.Tuple, ast.List)):
        parts = value.elts if isinstance(value, (ast.Tuple, ast.List)) \
            and len(value.elts) == len(target.elts) else None
        for i, t in enumerate(target.elts):
            of_target(found, t, parts[i] if parts else None, node, tests)
        return
    key = key_of(target)
    if key is not None:
        kind = of_value(key, value) if value is not None else "set"
        found.setdefault(key, []).append(Update(kind, node, value, tests))


@kept
def updates_of(body):
    """By key: all that the statements do to it."""
    found = {}
    for node, tests in nodes_of(body):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                of_target(found, target, node.value, node, tests)
        elif isinstance(node, ast.AugAssign):
            key = key_of(node.target)
            if key is not None:
                kind = of_operator(key, node.op, node.value)
                found.setdefault(key, []).append(
                    Update(kind, node, node.value, tests))
        elif isinstance(node, (ast.For, ast.AsyncFor)):
            of_target(found, node.target, None, node, tests)
        elif isinstance(node, ast.NamedExpr):
            of_target(found, node.target, node.value, node, tests)
        elif isinstance(node, ast.Delete):
            for target in node.targets:
                key = isinstance(target, ast.Subscript) \
                    and key_of(target.value)
                if key:
                    found.setdefault(key, []).append(
                        Update("pop", node, None, tests))
        elif isinstance(node, ast.Call):
            of_call(found, node, tests)
    return found


def of_call(found, node, tests):
    if isinstance(node.func, ast.Attribute):
        name, key = node.func.attr, key_of(node.func.value)
        value = node.args[-1] if node.args else None
        if name in ("heappush", "heappop", "insort", "insort_left",
                    "insort_right") and node.args:
            key = key_of(node.args[0])
    elif isinstance(node.func, ast.Name) and node.args:
        name, key = node.func.id, key_of(node.args[0])
        value = node.args[-1]
        if name not in ("heappush", "heappop", "insort", "insort_left",
                        "hpush", "hpop", "push", "pop"):
            return
        name = {"hpush": "heappush", "hpop": "heappop"}.get(name, name)
    else:
        return
    if key is None:
        return
    if name in PUSH:
        found.setdefault(key, []).append(Update("push", node, value, tests))
    elif name in POP:
        found.setdefault(key, []).append(Update("pop", node, value, tests))
    elif name == "clear":
        found.setdefault(key, []).append(Update("set", node, value, tests))


@kept
def carried(body):
    """Names that one iteration leaves to the next."""
    stored, found = set(), set()
    for statement in body:
        for node in in_order(statement):
            if isinstance(node, ast.Name):
                if isinstance(node.ctx, ast.Load):
                    if node.id not in stored:
                        found.add(node.id)
                else:
                    stored.add(node.id)
            elif isinstance(node, ast.AugAssign) and isinstance(
                    node.target, ast.Name) and node.target.id not in stored:
                found.add(node.target.id)
    return found & stored


def in_order(node):
    """The nodes of a statement as they are evaluated, values first."""
    if isinstance(node, DEFS):
        return
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
        if node.value is not None:
            yield from in_order(node.value)
        if isinstance(node, ast.AugAssign):
            yield node
        for target in getattr(node, "targets", None) or [node.target]:
            yield from in_order(target)
        return
    if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp,
                         ast.DictComp)):
        own = {n.id for g in node.generators for n in ast.walk(g.target)
               if isinstance(n, ast.Name)}
        for part in ast.walk(node):
            if isinstance(part, ast.Name) and part.id not in own:
                yield part
        return
    if isinstance(node, (ast.For, ast.AsyncFor)):
        yield from in_order(node.iter)
        yield from in_order(node.target)
        for part in node.body + node.orelse:
            yield from in_order(part)
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from in_order(child)
