# expect: {"status": "completed", "stdout": "3 True A None A\ntotal __main__ ('_x', '__y') <class '__main__.A'>\n1 __main__\n{'gi': 1} 3 4\n", "exit_code": 0}
class A:
    __slots__ = ("_x", "__y")
    __hash__ = None

    def __init__(self):
        self._x = 1
        self.__y = 2

    def __getattribute__(self, name):
        return super().__getattribute__(name)

    def __eq__(self, other):
        return self.__class__ is other.__class__

    def total(self):
        return self._x + self.__y


a = A()
print(a.total(), a == A(), A.__name__, A.__doc__, type(a).__qualname__)
print(A.total.__name__, __name__, A.__dict__["__slots__"], a.__class__)


class B(dict):
    def __missing__(self, key):
        return super().__getitem__("d")


print(B(d=1)["x"], B.__module__)
f_score = {"gi": 1}


class Node:
    f_score = 3
    cr_amount = 4


print(f_score, Node.f_score, Node().cr_amount)
