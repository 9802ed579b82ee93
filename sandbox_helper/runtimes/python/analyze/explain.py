# Part of zygote-python: what was counted, in sentences.

from .model import ONE, ORDER

NOTES_SHOWN = 8

ALGORITHMS = [
    "sieve of Eratosthenes", "Dijkstra's algorithm", "union-find",
    "dynamic programming", "backtracking", "divide and conquer", "quicksort",
    "breadth-first search", "depth-first search", "two pointers",
    "binary search", "recursion that branches", "Euclid's algorithm", "heap",
    "sorting",
]


class Teller:

    def __init__(self, engine):
        self.engine = engine
        self.calls = {}

    def final(self, growth):
        return growth.rename(self.engine.real_size).whole()

    def called(self, name):
        """The title of a size; no two have the same."""
        if name not in self.calls:
            title = self.engine.titles.get(name) or "k"
            taken = set(self.calls.values())
            made, i = title, 2
            while made in taken:
                made, i = f"{title}_{i}", i + 1
            self.calls[name] = made
        return self.calls[name]

    def name_all(self, growth):
        """Short names: the only length there is becomes n."""
        names = sorted(growth.names(), key=lambda n: int(n[1:]))
        taken = {self.engine.titles.get(n) for n in names}
        free = [c for c in ("n", "m", "k", "p", "q", "r") if c not in taken]
        self.meaning = {}
        for name in names:
            title = self.engine.titles.get(name)
            if title is None or not title.isidentifier():
                short = free.pop(0) if free else name
                self.calls[name] = short
                self.meaning[short] = meaning(
                    title, self.engine.kinds.get(name))
            else:
                self.called(name)

    def show(self, growth):
        return f"O({self.final(growth).show(self.called)})"

    def plain(self, growth):
        return self.final(growth).show(self.called)


def meaning(title, kind):
    if kind == "range":
        return "the range of values that is searched"
    if title is None:
        return "the length of a line of input" if kind == "length" \
            else "a number of the input"
    if title.startswith("len("):
        return f"the length of {title[4:-1]}"
    return title


def answer(engine, tree):
    teller = Teller(engine)
    time = teller.final(engine.cost)
    space = ONE
    for seq in engine.made:
        if not seq.held:
            space = space + seq.weight()
    space = teller.final(space + engine.depth + engine.temporary)
    teller.name_all(time + space)
    known = not engine.unknown
    shown = teller.show(time) if known else "unknown"
    found = [a for a in ALGORITHMS if a in engine.found]
    where = "; ".join(f"{short} is {what}"
                      for short, what in teller.meaning.items())
    return {
        "success": True,
        "time_complexity": shown,
        "space_complexity": teller.show(space) if known else "unknown",
        "time_explanation": explain_time(engine, teller, time, where),
        "space_explanation": explain_space(engine, teller, space),
        "algorithm_identified": ", ".join(found[:2]) or None,
        "suggestions": [],
        "narrative": "",
        "error": None,
    }


def explain_time(engine, teller, time, where):
    lines = []
    for line, why in engine.unknown:
        lines.append(f"Line {line}: {why}.")
    seen = set()
    for total, line, what, growth, depth in engine.notes:
        text = what.replace("{}", teller.plain(growth))
        if (line, text) in seen:
            continue
        seen.add((line, text))
        lines.append(f"line {line}: {text}")
    return "; ".join(lines[:NOTES_SHOWN]) + (f" ({where})" if where else "")


def explain_space(engine, teller, space):
    return ""


__all__ = ["answer", "ORDER"]
