# expect: {"status": "completed", "stdout": "Color.RED <Color.GREEN: 2> Color.RED green [<Color.RED: 1>, <Color.GREEN: 2>]\nTrue 1 dict_keys(['RED', 'GREEN'])\nP.R|W True P.R|W\n6 x [2, <I.A: 5>]\n9 is not a valid Color\nDyn.B True\nred\n", "exit_code": 0}
import enum
from enum import Enum, Flag, IntEnum, StrEnum, auto, unique


@unique
class Color(Enum):
    RED = 1
    GREEN = auto()

    @property
    def low(self):
        return self.name.lower()


print(Color.RED, repr(Color.GREEN), Color(1), Color["GREEN"].low, list(Color))
print(Color.RED is Color(1), Color.RED.value, Color.__members__.keys())


class P(Flag):
    R = auto()
    W = auto()


print(P.R | P.W, P.R in (P.R | P.W), P(3))


class I(IntEnum):
    A = 5


class S(StrEnum):
    X = auto()


print(I.A + 1, S.X, sorted([I.A, 2]))
try:
    Color(9)
except ValueError as e:
    print(e)
print(Enum("Dyn", "A B").B, enum.member is not None)
match Color.RED:
    case Color.RED:
        print("red")
