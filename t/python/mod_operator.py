# expect: {"status": "completed", "stdout": "3 6 True\n[(1, 'b'), (0, 'c')] ('a', 'c')\n(3.0, 4.0) X\n['a', 'bb']\nTrue 0.25 7 4\n5 bc\n[1, 2] 2\n", "exit_code": 0}
import operator
from operator import attrgetter, itemgetter, methodcaller
print(operator.add(1, 2), operator.mul(2, 3), operator.contains([1], 1))
print(sorted([(1, "b"), (0, "c")], key=itemgetter(1)), itemgetter(0, 2)("abc"))
print(attrgetter("real", "imag")(3 + 4j), methodcaller("upper")("x"))
print(sorted(["bb", "a"], key=methodcaller("__len__")))
print(operator.not_(0), operator.truediv(1, 4), operator.index(7), operator.xor(5, 1))


class A:
    class b:
        c = 5


print(attrgetter("b.c")(A), operator.itemgetter(slice(1, 3))("abcd"))
print(operator.iadd([1], [2]), operator.length_hint([1, 2]))
