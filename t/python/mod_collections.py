# expect: {"status": "completed", "stdout": "[('i', 4), ('s', 4)]\n{'a': [1]} []\ndeque([2, 3], maxlen=3) 4\nPoint(x=1, y=0) Point(x=1, y=5) {'x': 1, 'y': 0} ('x', 'y')\n['b', 'a'] 3\nTrue True\nTrue\nX\n[1] 1\n", "exit_code": 0}
import collections
import collections.abc
from collections import (
    ChainMap, Counter, OrderedDict, defaultdict, deque, namedtuple)
from collections.abc import Iterable, Mapping
print(Counter("mississippi").most_common(2))
d = defaultdict(list)
d["a"].append(1)
print(dict(d), d["b"])
q = deque([1, 2, 3], maxlen=3)
q.append(4)
q.rotate(1)
print(q, q.popleft())
Point = namedtuple("Point", "x y", defaults=[0])
p = Point(1)
print(p, p._replace(y=5), p._asdict(), Point._fields)
o = OrderedDict(a=1, b=2)
o.move_to_end("a")
print(list(o), ChainMap({"a": 1}, {"a": 2, "b": 3})["b"])
print(isinstance([], Iterable), isinstance({}, Mapping))
print(isinstance(print, collections.abc.Callable))


class Words(collections.UserDict):
    def __missing__(self, key):
        return key.upper()


print(Words()["x"])


class Bag(collections.abc.MutableSet):
    def __init__(self):
        self.items = []

    def __contains__(self, x):
        return x in self.items

    def __iter__(self):
        return iter(self.items)

    def __len__(self):
        return len(self.items)

    def add(self, x):
        self.items.append(x)

    def discard(self, x):
        self.items.remove(x)


b = Bag()
b |= {1}
print(list(b), len(b))
