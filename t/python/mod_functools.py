# expect: {"status": "completed", "stdout": "23416728348467685 True\nonce\n9 9\n120 5\nNA name doc\nTrue True\n[3, 2, 1]\nint list object\ncomputed\n7 7 m str\n", "exit_code": 0}
import functools
from functools import cache, cached_property, lru_cache, partial, reduce, wraps


@lru_cache(maxsize=None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(80), fib.cache_info().hits > 0)


@cache
def square(x):
    print("once")
    return x * x


print(square(3), square(3))
print(reduce(lambda a, b: a * b, range(1, 6)), partial(int, base=2)("101"))


def loud(f):
    @wraps(f)
    def inner(*args):
        return f(*args).upper()
    return inner


@loud
def name(x):
    """doc"""
    return "n" + x


print(name("a"), name.__name__, name.__doc__)


@functools.total_ordering
class V:
    def __init__(self, n):
        self.n = n

    def __eq__(self, o):
        return self.n == o.n

    def __lt__(self, o):
        return self.n < o.n


print(V(1) <= V(2), V(3) > V(2))
print(sorted([3, 1, 2], key=functools.cmp_to_key(lambda a, b: b - a)))


@functools.singledispatch
def show(x):
    return "object"


@show.register
def _(x: int):
    return "int"


@show.register(list)
def _(x):
    return "list"


print(show(1), show([]), show("x"))


class C:
    @cached_property
    def v(self):
        print("computed")
        return 7

    @functools.singledispatchmethod
    def m(self, x):
        return "m"

    @m.register
    def _(self, x: str):
        return "str"


c = C()
print(c.v, c.v, c.m(1), c.m(""))
