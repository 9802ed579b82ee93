# Part of zygote-python: what was counted, in sentences.

from .model import ORDER

SHOWN = 12           # what a narrative lists at most
CHAIN = 4            # loops around one that a sentence names at most

# By what a cost is: the most telling of a program come first.
ALGORITHMS = [
    "sieve of Eratosthenes", "Dijkstra's algorithm", "dynamic programming",
    "union-find", "backtracking", "quicksort", "divide and conquer",
    "breadth-first search", "depth-first search", "binary search",
    "two pointers", "recursion that branches", "Euclid's algorithm", "heap",
    "sorting",
]

# What a note begins with, when it is in a loop: what would cost less.
SUGGESTIONS = [
    ("`in` looks through a list",
     "Line {}: look items up in a set or a dict instead of a list: each "
     "look-up then costs O(1)."),
    ("`pop` moves", "Line {}: take items from the front with "
     "collections.deque and popleft(), or from the end with pop()."),
    ("`insert` moves", "Line {}: put items to the front with "
     "collections.deque and appendleft(), or append them and reverse once."),
    ("`insort` moves", "Line {}: if only the smallest item is needed, heapq "
     "puts one in with O(log n)."),
    ("`del` moves", "Line {}: deleting from a list moves what is behind; "
     "build a new list of what is kept instead."),
    ("`sort` sorts", "Line {}: sort once before the loop, or keep a heap."),
    ("`sorted` sorts", "Line {}: sort once before the loop, or keep a heap."),
    ("`.count()`", "Line {}: count all items once with "
     "collections.Counter before the loop."),
    ("`.index()`", "Line {}: make a dict of positions once before the loop."),
    ("`.remove()`", "Line {}: a set removes an item at O(1)."),
    ("`sum` goes", "Line {}: carry the sum along, or make prefix sums before "
     "the loop."),
    ("`min` goes", "Line {}: carry the minimum along, or keep a heap."),
    ("`max` goes", "Line {}: carry the maximum along, or keep a heap."),
    ("a slice copies", "Line {}: pass indices instead of slices, which are "
     "copies."),
    ("joining two lists", "Line {}: extend the list in place instead of "
     "making a new one each time."),
    ("joining two strings", "Line {}: collect the parts in a list and join "
     "them once."),
]


def meaning(title, kind):
    if kind == "range":
        return "the range of values that is searched"
    if title is None:
        return "the length of a line of the input" if kind == "length" \
            else "a number of the input"
    if title.startswith("len("):
        return f"the length of {title[4:-1]}"
    if kind == "value":
        return f"the largest number in {title}"
    return title


def listed(parts):
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(parts[:-1]) + " and " + parts[-1]


class Teller:
    """Gives sizes names that a reader understands."""

    def __init__(self, engine):
        self.engine = engine
        self.names = {}
        self.meanings = {}

    def final(self, growth):
        return growth.rename(self.engine.real_size).whole()

    def name_all(self, *growths):
        """A name of the program's own stays; a length is n, m or k."""
        titles, names = self.engine.titles, set()
        for growth in growths:
            names |= growth.names()
        names = sorted(names, key=lambda n: int(n[1:]))
        taken = {titles[n] for n in names if titles[n]}
        free = [c for c in "nmkpqrst" if c not in taken]
        used = set()
        for name in names:
            title = titles[name]
            if title is not None and title.isidentifier() \
                    and title not in used \
                    and self.engine.kinds[name] != "value":
                self.names[name] = title
                used.add(title)
                if self.engine.kinds[name] == "range":
                    self.meanings[title] = meaning(title, "range")
                continue
            short = free.pop(0) if free else name
            self.names[name] = short
            self.meanings[short] = meaning(title, self.engine.kinds[name])

    def called(self, name):
        return self.names.get(name) or self.engine.titles.get(name) or name

    def plain(self, growth):
        return self.final(growth).show(self.called)

    def show(self, growth):
        return f"O({self.plain(growth)})"

    def where(self):
        """What the names mean: a sentence, or nothing."""
        if not self.meanings:
            return ""
        told = [f"{name} is {what}" for name, what in self.meanings.items()]
        return " Here " + listed(told) + "."


def space_of(engine):
    """What lives at once, at most, and the largest of it."""
    whole, largest = engine.depth + engine.temporary, None
    for seq in engine.made:
        if seq.held:
            continue
        weight = seq.weight()
        if not weight.constant() and whole + weight != whole:
            whole, largest = whole + weight, seq
    return whole, largest


class Explanation:

    def __init__(self, engine):
        self.engine = engine
        self.teller = Teller(engine)
        self.time = self.teller.final(engine.cost)
        space, self.largest = space_of(engine)
        self.space = self.teller.final(space)
        self.known = not engine.unknown
        self.teller.name_all(self.time, self.space, *(
            self.teller.final(total) for total, *_ in engine.notes))
        self.notes = self.merged()

    def merged(self):
        """The notes, the costliest first, each once."""
        best = {}
        for total, line, what, growth, chain in self.engine.notes:
            total = self.teller.final(total)
            key = line, what
            if key not in best or self.above(total, best[key][0]):
                best[key] = total, line, what, growth, chain
        return sorted(best.values(), key=lambda n: (
            self.time + n[0] != self.time, -ORDER.index(n[0].kind()),
            self.rest(n[0]), n[1]))

    def above(self, a, b):
        return ORDER.index(a.kind()) > ORDER.index(b.kind())

    def rest(self, growth):
        """Among those of a kind first those that the answer has."""
        return 0 if growth.terms & self.time.terms else 1

    def sentence(self, note):
        total, line, what, growth, chain = note
        text = what.replace("{}", self.teller.plain(growth))
        around = [f"the one of line {n} runs {self.teller.plain(iters)} "
                  "times" for n, iters in chain
                  if not self.teller.final(iters).constant()]
        text = f"line {line}: {text}"
        if around:
            text += "; of the loops around it " + listed(around[-CHAIN:])
        return text

    def time_explanation(self):
        if not self.known:
            return self.doubts()
        if self.time.constant():
            text = "No loop, call or recursion depends on the input's size."
        else:
            text = self.upper(self.sentence(self.notes[0])) + "." \
                if self.notes else ""
            others = [n for n in self.notes[1:]
                      if self.rest(n[0]) == 0 and n[1] != self.notes[0][1]]
            if others:
                text += " Then " + self.sentence(others[0]) + "."
        if self.cases():
            text += (" The loop over test cases is not counted: this is "
                     "what one of them costs.")
        if self.engine.open:
            text += (" The program itself gives its functions data of fixed "
                     "size; this is what they cost for any.")
        return (text + self.teller.where()).strip()

    def cases(self):
        return any("test cases" in note[2] for note in self.engine.notes)

    def doubts(self):
        told = [f"line {line}: {why}" if line else why
                for line, why in self.engine.unknown[:3]]
        return self.upper("; ".join(told)) + "."

    def upper(self, text):
        return text[:1].upper() + text[1:]

    def space_explanation(self):
        if self.space.constant():
            return "What the program keeps does not depend on its input."
        seq = self.largest
        if seq is not None and seq.line:
            kind = {"str": "string", "char": "string"}.get(
                seq.kind, seq.kind)
            held = self.teller.plain(seq.weight())
            text = (f"The {kind} that line {seq.line} makes holds {held} "
                    "items.")
        else:
            text = ""
        depth = self.teller.final(self.engine.depth)
        if not depth.constant():
            text += (" Recursion goes "
                     f"{self.teller.plain(depth)} calls deep.")
        return text.strip() or "The recursion keeps its calls' values."

    def suggestions(self):
        made = []
        for total, line, what, growth, chain in self.notes:
            looped = any(not self.teller.final(i).constant()
                         for _, i in chain)
            for start, advice in SUGGESTIONS:
                if what.startswith(start) and looped:
                    made.append(advice.format(line))
            if "times with little less" in what:
                made.append(f"Line {line}: the same calls come again and "
                            "again; functools.lru_cache keeps their "
                            "results.")
        return list(dict.fromkeys(made))[:4]

    def algorithm(self):
        found = [a for a in ALGORITHMS if a in self.engine.found]
        return ", ".join(found[:2]) or None

    def narrative(self, answer):
        lines = [f"**Time: {answer['time_complexity']}**", "",
                 answer["time_explanation"], "",
                 f"**Space: {answer['space_complexity']}**", "",
                 answer["space_explanation"], ""]
        if self.notes:
            lines += ["**What was counted**", ""]
            shown = sorted(self.notes[:SHOWN], key=lambda n: n[1])
            lines += [f"- {self.upper(self.sentence(note))}"
                      for note in shown]
            if len(self.notes) > SHOWN:
                lines.append(f"- and {len(self.notes) - SHOWN} more that "
                             "cost no more")
            lines.append("")
        if answer["algorithm_identified"]:
            lines += [f"**Recognised**: {answer['algorithm_identified']}",
                      ""]
        if answer["suggestions"]:
            lines += ["**Suggestions**", ""]
            lines += [f"- {text}" for text in answer["suggestions"]]
            lines.append("")
        lines.append("Counted over the syntax tree, at worst, without "
                     "running the program.")
        return "\n".join(lines)


def answer(engine):
    """The analysis as a dict."""
    told = Explanation(engine)
    made = {
        "success": True,
        "time_complexity": told.teller.show(told.time) if told.known
        else "unknown",
        "space_complexity": told.teller.show(told.space) if told.known
        else "unknown",
        "time_explanation": told.time_explanation(),
        "space_explanation": told.space_explanation(),
        "algorithm_identified": told.algorithm(),
        "suggestions": told.suggestions(),
        "narrative": None,
        "error": None,
    }
    made["narrative"] = told.narrative(made)
    return made
