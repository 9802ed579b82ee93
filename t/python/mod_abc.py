# expect: {"status": "completed", "stdout": "4 sq True\nCan't instantiate abstract class Shape with abstract methods area, name\nTrue True\n", "exit_code": 0}
import abc
from abc import ABC, abstractmethod


class Shape(ABC):
    @abstractmethod
    def area(self): ...

    @property
    @abstractmethod
    def name(self): ...


class Sq(Shape):
    name = "sq"

    def area(self):
        return 4


print(Sq().area(), Sq().name, Shape.__abstractmethods__ == {"area", "name"})
try:
    Shape()
except TypeError as e:
    print(e)


class M(metaclass=abc.ABCMeta):
    @classmethod
    def __subclasshook__(cls, c):
        return hasattr(c, "go")


class G:
    def go(self):
        pass


Shape.register(G)
print(issubclass(G, M), isinstance(G(), Shape))
