# expect: {"status": "completed", "stdout": "ok\n", "exit_code": 0}
from __future__ import annotations

import bisect
import copy
import functools
import heapq
import itertools
import operator
from abc import ABC, abstractmethod
from collections import ChainMap, Counter, OrderedDict, UserDict, defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import (
    KW_ONLY, FrozenInstanceError, InitVar, asdict, astuple, dataclass, field,
    fields, make_dataclass, replace)
from enum import Enum, Flag, IntEnum, StrEnum, auto, unique
from typing import (
    Annotated, Any, ClassVar, Final, Generic, Literal, NamedTuple, Optional,
    Protocol, TypedDict, TypeVar, Union, cast, get_args, get_origin,
    get_type_hints, overload, runtime_checkable)


@dataclass(order=True, frozen=True, slots=True)
class Version:
    major: int
    minor: int = 0
    _: KW_ONLY
    tags: tuple = field(default=(), compare=False, repr=False)


v = Version(1, 2, tags=("x",))
assert v > Version(1) and repr(v) == "Version(major=1, minor=2)"
assert hash(v) == hash(Version(1, 2)) and replace(v, minor=3).minor == 3
try:
    v.major = 2
except FrozenInstanceError:
    pass
else:
    assert False


@dataclass
class Basket:
    items: list[str] = field(default_factory=list)
    total: int = field(init=False, default=0)
    extra: InitVar[int] = 0
    count: ClassVar[int] = 0

    def __post_init__(self, extra):
        self.total = len(self.items) + extra


b = Basket(["a"], extra=5)
assert b.total == 6 and asdict(b) == {"items": ["a"], "total": 6}
assert astuple(b) == (["a"], 6) and [f.name for f in fields(b)] == ["items", "total"]
assert make_dataclass("Made", [("x", int, 3)])().x == 3
assert copy.deepcopy(b) == b and copy.deepcopy(b).items is not b.items


class Shape(ABC):
    @property
    @abstractmethod
    def area(self): ...


class Square(Shape):
    area = 4


try:
    Shape()
except TypeError as e:
    assert "abstract" in str(e)
assert Square().area == 4


@unique
class Color(Enum):
    RED = auto()
    GREEN = auto()

    @classmethod
    def _missing_(cls, value):
        return cls.RED


class Mode(Flag):
    R = 4
    W = 2
    RW = R | W


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Word(StrEnum):
    ONE = auto()


assert Color("none") is Color.RED and [c.name for c in Color] == ["RED", "GREEN"]
assert Mode.R | Mode.W is Mode.RW and Mode.R in Mode.RW and ~Mode.R == Mode.W
assert Level.HIGH > 1 and sorted(Level)[0] == Level.LOW and f"{Word.ONE}" == "one"

T = TypeVar("T", bound="Any")


@runtime_checkable
class Closes(Protocol):
    def close(self) -> None: ...


class Door(Generic[T]):
    inside: T
    lock: Final[int] = 1

    @overload
    def open(self, x: int) -> int: ...
    @overload
    def open(self, x: str) -> str: ...
    def open(self, x):
        return x

    def close(self):
        pass


assert isinstance(Door(), Closes) and not isinstance(3, Closes)
assert get_args(Union[int, str, None]) == (int, str, type(None))
assert get_origin(Optional[int]) is Union and get_args(Literal["a"]) == ("a",)
assert get_origin(Callable[[int], str]) is Callable
assert Door[int]().open(3) == 3 and cast(int, "x") == "x"
Point = NamedTuple("Point", [("x", int), ("y", int)])
assert Point(1, 2)._replace(y=3) == (1, 3) and Point(1, 2)._asdict() == {"x": 1, "y": 2}
Movie = TypedDict("Movie", {"name": str}, total=False)
assert Movie(name="x") == {"name": "x"}


def annotated(a: int, b: str = "") -> list[int]: ...


assert get_type_hints(annotated) == {"a": int, "b": str, "return": list[int]}
assert get_args(Annotated[int, "x"]) == (int, "x")

calls = []


@functools.lru_cache(maxsize=2)
def slow(n):
    calls.append(n)
    return n


assert [slow(n) for n in (1, 2, 1, 3, 2)] == [1, 2, 1, 3, 2]
assert calls == [1, 2, 3, 2] and slow.cache_info().hits == 1
slow.cache_clear()


@functools.cache
def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


assert fibonacci(100) == 354224848179261915075


@functools.total_ordering
class Ordered:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        return self.n == other.n

    def __lt__(self, other):
        return self.n < other.n

    @functools.cached_property
    def once(self):
        calls.append("once")
        return 1

    @functools.singledispatchmethod
    def kind(self, x):
        return "?"

    @kind.register
    def _(self, x: int):
        return "int"


o = Ordered(1)
assert o <= Ordered(1) and o.once == o.once == 1 and calls[-2:] != ["once"] * 2
assert o.kind(1) == "int" and functools.reduce(operator.mul, range(1, 6)) == 120
assert functools.partial(int, base=2)("101") == 5
assert sorted("bA", key=functools.cmp_to_key(lambda a, b: (a > b) - (a < b)))

assert Counter("abracadabra").most_common(1) == [("a", 5)]
assert (Counter("aab") - Counter("a")).total() == 2
groups = defaultdict(list)
for k, g in itertools.groupby(sorted("aabbc")):
    groups[k] += g
assert groups["a"] == ["a", "a"] and ChainMap({}, {"x": 1})["x"] == 1
d = deque(range(5), maxlen=3)
d.rotate(1)
assert list(d) == [4, 2, 3]
od = OrderedDict(a=1, b=2)
od.move_to_end("a")
assert list(od) == ["b", "a"] and isinstance(od, Mapping)
assert issubclass(UserDict, Mapping) and isinstance([], Sequence)
assert list(heapq.merge([1, 4], [2, 3])) == [1, 2, 3, 4]
assert heapq.nlargest(2, range(10**5), key=lambda n: n % 1000) == [999, 1999]
assert bisect.bisect([1, 2, 2, 3], 2) == 3
assert bisect.bisect([(1, "a"), (3, "b")], 2, key=operator.itemgetter(0)) == 1
assert len(list(itertools.permutations(range(7)))) == 5040
assert list(itertools.pairwise("abc")) == [("a", "b"), ("b", "c")]
assert list(itertools.accumulate([1, 2, 3], initial=0)) == [0, 1, 3, 6]
assert sum(itertools.islice(itertools.count(), 1000)) == 499500


# Coroutines and generators without a loop of asyncio's.
def averager():
    total = n = 0
    mean = None
    while True:
        value = yield mean
        if value is None:
            return mean
        total, n = total + value, n + 1
        mean = total / n


def delegate(out):
    out.append((yield from averager()))
    yield "end"


results = []
g = delegate(results)
next(g)
assert g.send(2) == 2 and g.send(4) == 3 and g.send(None) == "end"
assert results == [3] and isinstance(g, Iterator)


class Ready:
    def __await__(self):
        return (yield "wanted")


async def routine():
    async with Manager() as m:
        return [x async for x in produce(2)] + [await Ready(), m]


class Manager:
    async def __aenter__(self):
        return "managed"

    async def __aexit__(self, *args):
        return False


async def produce(n):
    for i in range(n):
        yield i


r = routine()
assert r.send(None) == "wanted"
try:
    r.send("given")
except StopIteration as e:
    assert e.value == [0, 1, "given", "managed"]

try:
    raise ExceptionGroup("several", [ValueError(1), TypeError(2)])
except* ValueError as group:
    assert len(group.exceptions) == 1
except* TypeError:
    results.append("type")
assert results == [3, "type"]

match {"kind": "point", "at": [1, 2, 3]}:
    case {"kind": "point", "at": [x, *rest]} if x:
        assert (x, rest) == (1, [2, 3])
    case _:
        assert False
print("ok")
