# Part of zygote-python: the analysis of a program's complexity.  report() is
# what the runtime calls; nothing of the program is ever run.

import ast
import json
import sys

from .engine import Engine, TooMuch
from .explain import answer
from .exprs import Expressions
from .library import Library
from .loops import Loops
from .methods import Methods
from .recursion import Recursion
from .updates import KEPT, SPEND
from .sequences import Sequences
from .values import Any, Class, Func, Inst, Seq, grown, number
from .model import ONE

NODES_MAX = 60000
DEPTH_MAX = 3000      # of Python's own calls, for deeply nested programs
TEXT_MAX = 60000      # bytes of the answer

DEFINES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import,
           ast.ImportFrom, ast.Assign, ast.AnnAssign)


class Analyzer(Recursion, Loops, Expressions, Library, Methods, Sequences,
               Engine):

    def run(self, tree):
        self.block(tree.body)
        if self.nothing_called(tree):
            self.call_all(tree, called_in(tree.body))
        self.settle()

    def run_open(self, tree):
        """What the program defines, as others might call it."""
        self.open = True
        self.block([node for node in tree.body if isinstance(node, DEFINES)])
        known = called_in([
            node for top in tree.body for node in ast.walk(top)
            if isinstance(node, DEFINES[:2]) and node.args.args])
        self.call_all(tree, known, called_in(tree.body))
        self.settle()

    def tells(self):
        """Whether it is known how something grows."""
        return not self.unknown and not self.cost.constant()

    def nothing_called(self, tree):
        """Whether a program only defines what others are to call."""
        for node in tree.body:
            if isinstance(node, ast.Expr) and isinstance(
                    node.value, ast.Constant):
                continue
            if isinstance(node, DEFINES):
                continue
            return False
        return True

    def call_all(self, tree, known, among=None):
        """Each function but the known ones, among those that are named if
        any are, with inputs for its parameters."""
        def wanted(name):
            return name not in known and (among is None or name in among)

        for node in tree.body:
            value = self.top.names.get(getattr(node, "name", None))
            if isinstance(value, Func) and wanted(node.name):
                self.call_open(value, node)
            elif isinstance(value, Class):
                me = Inst(value)
                init = value.find("__init__")
                if isinstance(init, Func):
                    self.call_open(self.bound(init, me), node)
                for name, method in list(value.scope.names.items()):
                    if isinstance(method, Func) and name != "__init__" \
                            and wanted(name):
                        self.call_open(self.bound(method, me), node)

    def call_open(self, func, node):
        spec = func.node.args
        names = spec.posonlyargs + spec.args
        if func.me is not None:
            names = names[1:]
        args = [self.open_value(a) for a in names]
        defaults = len(spec.defaults)
        if defaults:
            args = args[:-defaults]
        self.call(func, args, {}, node)

    def open_value(self, arg):
        """What a parameter of an unknown caller is."""
        said = ast.unparse(arg.annotation) if arg.annotation else ""
        made = Any(arg.arg, self.open_size)
        if said in ("int", "float"):
            return made.as_num()
        if said == "str":
            seq = made.as_seq()
            seq.kind, seq.elem = "str", Seq("char", number(1))
            return seq
        for word in ("list", "set", "dict", "tuple"):
            if said.lower().startswith(word):
                seq = made.as_seq()
                seq.kind = word
                if "int" in said or "float" in said:
                    seq.elem = seq.elem.as_num() if said.count("[") < 2 \
                        else seq.elem
                if "str" in said:
                    seq.elem = Seq("str", grown(ONE), Seq("char", number(1)))
                return seq
        return made

    def open_size(self, name, kind):
        title = name if kind == "number" else f"len({name})"
        for made, known in self.titles.items():
            if known == title:
                return made
        return self.new_size(title, kind)


def called_in(callers):
    """The names that these call, but for a function's own in itself."""
    return {getattr(n.func, "id", getattr(n.func, "attr", None))
            for top in callers for n in ast.walk(top)
            if isinstance(n, ast.Call)
            and getattr(top, "name", "") != getattr(
                n.func, "id", getattr(n.func, "attr", None))}


def failed(sentence):
    return json.dumps({
        "success": False, "time_complexity": None, "space_complexity": None,
        "time_explanation": None, "space_explanation": None,
        "algorithm_identified": None, "suggestions": [], "narrative": None,
        "error": sentence})


def analyze(text):
    """The answer, a dict, or a sentence that says why there is none."""
    kept = sys.getrecursionlimit()
    sys.setrecursionlimit(DEPTH_MAX)
    try:
        return analyze_within(text)
    except RecursionError:
        return "The program is nested deeper than can be analyzed."
    finally:
        sys.setrecursionlimit(kept)


def analyze_within(text):
    try:
        tree = ast.parse(text)
    except SyntaxError as e:
        return f"{e.msg} (line {e.lineno}, column {e.offset})"
    except ValueError:
        return "The program has a character that Python does not allow."
    except MemoryError:
        return "The program is nested deeper than can be analyzed."
    count = 0
    for _ in ast.walk(tree):
        count += 1
        if count > NODES_MAX:
            return (f"The program has more than {NODES_MAX} parts, and no "
                    "more are analyzed.")
    engine = followed(tree, Analyzer.run)
    if not (engine.reads or engine.tells() or engine.spent):
        # of a sort that is shown with three numbers its growth is asked for
        opened = followed(tree, Analyzer.run_open)
        if opened.tells():
            engine = opened
    return answer(engine)


def followed(tree, run):
    engine = Analyzer()
    KEPT.clear()
    SPEND[:] = [engine.spend]
    try:
        run(engine, tree)
    except TooMuch:
        engine.dry, engine.spent = 0, True
        engine.doubt(tree, "the program is too involved to be followed to "
                     "its end")
    return engine


def report(text):
    """The whole answer, a JSON object, of a program's text."""
    made = analyze(text)
    if isinstance(made, str):
        return failed(made)
    shown = json.dumps(made)
    if len(shown) > TEXT_MAX:
        made["narrative"] = made["time_explanation"]
        shown = json.dumps(made)
    return shown if len(shown) <= TEXT_MAX else failed(
        "The answer would be too long.")
