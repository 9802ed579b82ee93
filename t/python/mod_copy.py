# expect: {"status": "completed", "stdout": "{'x': [1, 2, 9], 'y': (3, [4])} {'x': [1, 2], 'y': (3, [4])}\ncopied\nTrue True\nTypeError\nTrue\n", "exit_code": 0}
import copy
a = {"x": [1, 2], "y": (3, [4])}
b = copy.copy(a)
c = copy.deepcopy(a)
a["x"].append(9)
print(b, c)


class N:
    def __init__(self):
        self.me = self
        self.v = [1]

    def __copy__(self):
        print("copied")
        return self


n = copy.deepcopy(N())
print(n.me is n, copy.copy(n) is n)
try:
    copy.copy((i for i in "a"))
except TypeError as e:
    print("TypeError")
print(issubclass(copy.Error, Exception))
