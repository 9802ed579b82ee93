# expect: {"status": "completed", "stdout": "Item(price=1.5, name='a', tags=[]) True True 3.0\n{'price': 2.5, 'name': 'b', 'tags': ['x'], 'total': 5.0} (1.5, 'a', [], 3.0) Item(price=1.5, name='z', tags=[])\n['price', 'name', 'tags', 'total'] True\nP(x=1, y=0) True\nfrozen cannot assign to field 'x'\n3.0\nMade(x=1, y=3) ('x', 'y')\nmatched 0\n", "exit_code": 0}
import dataclasses
from dataclasses import asdict, astuple, dataclass, field, fields, replace


@dataclass(order=True)
class Item:
    price: float
    name: str = "?"
    tags: list = field(default_factory=list, compare=False)
    total: float = field(init=False, repr=False)

    def __post_init__(self):
        self.total = self.price * 2


a = Item(1.5, "a")
b = Item(2.5, "b", ["x"])
print(a, a < b, a == Item(1.5, "a"), a.total)
print(asdict(b), astuple(a), replace(a, name="z"))
print([f.name for f in fields(Item)], dataclasses.is_dataclass(a))


@dataclass(frozen=True, slots=True)
class P:
    x: int
    y: int = 0


p = P(1)
print(p, hash(p) == hash(P(1, 0)))
try:
    p.x = 2
except dataclasses.FrozenInstanceError as e:
    print("frozen", e)


@dataclass
class Child(Item):
    extra: dataclasses.InitVar[int] = 1

    def __post_init__(self, extra):
        super().__post_init__()
        self.total += extra


print(Child(1.0).total)
Made = dataclasses.make_dataclass("Made", [("x", int), ("y", int, 3)])
print(Made(1), Made.__match_args__)
match p:
    case P(x=1, y=y):
        print("matched", y)
