# expect: {"status": "completed", "stdout": "[1]\nPoint(x=1, y=0) {'name': 'x'} <class 'int'>\nTrue False\ntyping.Optional[int] (<class 'int'>, <class 'str'>) <class 'list'>\ntyping.Literal['a', 'b'] typing.Callable[[int], str] int | None\nx False\n2 True\n3\n", "exit_code": 0}
import typing
from typing import (
    Any, Callable, ClassVar, Dict, Final, Generic, List, Literal, NamedTuple,
    Optional, Protocol, TypedDict, TypeVar, Union, get_args, get_origin,
    get_type_hints, overload, runtime_checkable)
T = TypeVar("T")


class Stack(Generic[T]):
    limit: ClassVar[int] = 3

    def __init__(self) -> None:
        self.items: List[T] = []

    def push(self, item: T) -> None:
        self.items.append(item)


s: Stack[int] = Stack[int]()
s.push(1)
print(s.items)


class Point(NamedTuple):
    x: int
    y: int = 0


class Movie(TypedDict, total=False):
    name: str
    year: int


print(Point(1), Movie(name="x"), Movie.__annotations__["year"])


@runtime_checkable
class Sized(Protocol):
    def __len__(self) -> int: ...


print(isinstance([], Sized), isinstance(1, Sized))


def f(a: Optional[int], b: "Dict[str, Any]" = None) -> Union[int, str]:
    return 1


print(get_type_hints(f)["a"], get_args(Union[int, str]), get_origin(list[int]))
print(Literal["a", "b"], Callable[[int], str], int | None)
print(typing.cast(int, "x"), typing.TYPE_CHECKING)


class Node(typing.Generic[T]):
    def __init__(self, value: T, next: "Node[T] | None" = None):
        self.value, self.next = value, next


print(Node(1, Node(2)).next.value, Final is not None)


@overload
def g(x: int) -> int: ...
@overload
def g(x: str) -> str: ...
def g(x):
    return x


print(g(3))
