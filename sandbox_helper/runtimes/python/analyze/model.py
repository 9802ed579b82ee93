# Part of zygote-python: how costs grow.
#
# A Growth is a sum of terms, each a product of powers of named sizes, of their
# logarithms, and of exponentials: n * m, n * log n, 2^n.  Constant factors and
# terms that another one outgrows are dropped at once, so a sum is what a
# maximum would be.
#
# A size may have a negative power: the lines of a file have S / n characters
# each when n lines have S together, and to read all of them costs n * S / n.

TERMS_MAX = 8        # more than a reader could make sense of
POWER_MAX = 99
FACTORIAL = 1000     # the exponent that stands for n!
LOGLOG = 0.01        # the power of a logarithm that stands for log log

ORDER = ("constant", "logarithmic", "sublinear", "linear", "linearithmic",
         "superlinear", "quadratic", "cubic", "polynomial", "exponential")


def outgrows(a, b):
    """Whether term a is at least term b, whatever the sizes are."""
    if a == b:
        return True
    left, right = dict(a), dict(b)
    nothing = (0, 0, 0)
    for name in left.keys() | right.keys():
        if left.get(name, nothing) < right.get(name, nothing):
            return False
    return True


def tidy(terms):
    """The terms of a sum that no other of it outgrows."""
    kept = []
    for term in sorted(terms, key=weight, reverse=True):
        if not any(outgrows(k, term) for k in kept):
            kept.append(term)
    return frozenset(kept[:TERMS_MAX])


def weight(term):
    """What terms are sorted by: exponentials, then powers, then logs."""
    exp = power = log = 0
    for _, (e, p, l) in term:
        exp, power, log = exp + e, power + p, log + l
    return exp, power, log, term


class Growth:

    __slots__ = ("terms",)

    def __init__(self, terms):
        self.terms = terms

    def __eq__(self, other):
        return self.terms == other.terms

    def __hash__(self):
        return hash(self.terms)

    def __add__(self, other):
        if self.terms == other.terms or other is ONE:
            return self if self.terms else other
        if self is ONE:
            return other if all(positive(t) for t in other.terms) \
                else Growth(tidy(self.terms | other.terms))
        return Growth(tidy(self.terms | other.terms))

    def __mul__(self, other):
        if self.terms == ONE.terms:
            return other
        if other.terms == ONE.terms:
            return self
        return Growth(tidy({times(a, b)
                            for a in self.terms for b in other.terms}))

    def power(self, k):
        """Each term to the k: right for sums, too, up to a factor."""
        return Growth(tidy({tuple((name, (e * k, p * k, l * k))
                                  for name, (e, p, l) in term)
                            for term in self.terms}))

    def over(self, other):
        """Divided by a product; a sum stays what it is."""
        if len(other.terms) != 1:
            return self
        return self * other.power(-1)

    def log(self):
        """The logarithm: of a product the sum, of 2^n it is n."""
        terms = {()}
        for term in self.terms:
            for name, (e, p, l) in term:
                if e > 0:
                    many = 1 if e >= FACTORIAL else 0
                    terms.add(((name, (0, 1, many)),))
                elif p > 0:
                    terms.add(((name, (0, 0, 1)),))
                elif l > 0:
                    terms.add(((name, (0, 0, LOGLOG)),))
        return Growth(tidy(terms))

    def exp(self, base=1):
        """2^self; of a logarithm the size itself."""
        terms = {()}
        for term in self.terms:
            made = []
            for name, (e, p, l) in term:
                if e > 0 or p > 0:
                    made.append((name, (base, 0, 0)))
                elif l > 0:
                    made.append((name, (0, 1, 0)))
            terms.add(tuple(made))
        product = ()
        for term in terms:
            product = times(product, term)
        return Growth(frozenset([product]))

    def rename(self, names):
        """With sizes that turned out to be the same taken together, and
        without those that names() says nothing of: they are constant."""
        terms = set()
        for term in self.terms:
            made = ()
            for name, powers in term:
                name = names(name)
                if name:
                    made = times(made, ((name, powers),))
            terms.add(made)
        return Growth(tidy(terms))

    def whole(self):
        """Without negative powers, for a reader."""
        return Growth(tidy({tuple((name, powers) for name, powers in term
                                  if powers > (0, 0, 0))
                            for term in self.terms}))

    def names(self):
        return {name for term in self.terms for name, _ in term}

    def constant(self):
        return not any(self.terms)

    def linear(self):
        """The one name that this is, or None."""
        if len(self.terms) == 1:
            term, = self.terms
            if len(term) == 1 and term[0][1] == (0, 1, 0):
                return term[0][0]
        return None

    def kind(self):
        """In one word, of ORDER."""
        return max((kind_of(t) for t in self.terms), key=ORDER.index)

    def show(self, called=str):
        """As it stands within O(...)."""
        shown = [show_term(t, called)
                 for t in sorted(self.terms, key=weight, reverse=True) if t]
        if len(shown) == TERMS_MAX:
            shown.append("...")
        return " + ".join(shown) or "1"

    def __repr__(self):
        return f"O({self.show()})"


def positive(term):
    return all(powers >= (0, 0, 0) for _, powers in term)


def times(a, b):
    made = dict(a)
    for name, (e, p, l) in b:
        if name in made:
            x, y, z = made[name]
            e, p, l = e + x, p + y, l + z
        if (e, p, l) == (0, 0, 0):
            made.pop(name, None)
        else:
            made[name] = (min(e, FACTORIAL), min(p, POWER_MAX),
                          min(l, POWER_MAX))
    return tuple(sorted(made.items()))


def kind_of(term):
    exp, power, log, _ = weight(term)
    if exp > 0:
        return "exponential"
    if power <= 0:
        return "logarithmic" if log > 0 else "constant"
    if power < 1:
        return "sublinear"
    if power == 1:
        return "linearithmic" if log > 0 else "linear"
    if power < 2:
        return "superlinear"
    if power < 3:
        return "quadratic"
    return "cubic" if power < 4 else "polynomial"


def show_power(name, power):
    if power == 1:
        return name
    if power == 0.5:
        return f"sqrt({name})"
    if len(name) > 1 and not name.isidentifier() and not name.endswith(")"):
        name = f"({name})"
    return f"{name}^{power:.3g}"


def show_log(name, log):
    full, few = int(log), round((log - int(log)) / LOGLOG)
    shown = []
    if full:
        shown.append(f"log {name}" if full == 1 else f"log^{full} {name}")
    if few:
        shown.append(f"log log {name}")
    return shown


def show_exp(name, exp):
    if exp >= FACTORIAL:
        return f"{name}!"
    base = f"{2 ** exp:.3g}"
    return f"{base}^{name}" if name.isidentifier() else f"{base}^({name})"


def show_term(term, called):
    exps, powers, logs = [], [], []
    for name, (e, p, l) in sorted(term, key=lambda t: called(t[0])):
        name = called(name)
        if e:
            exps.append(show_exp(name, e))
        if p:
            powers.append(show_power(name, p))
        if l > 0:
            logs += show_log(name, l)
    factors = " * ".join(exps + powers)
    return " ".join(([factors] if factors else []) + logs)


ONE = Growth(frozenset([()]))


def size(name):
    return Growth(frozenset([((name, (0, 1, 0)),)]))
