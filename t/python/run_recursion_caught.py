# expect: {"status": "completed", "stdout": "RecursionError RecursionError RecursionError\nRecursionError RecursionError\nRecursionError\nRecursionError\nRecursionError\nRecursionError\nNone\n\nNone\n", "exit_code": 0}
import functools
import json
import re


def depth(f):
    try:
        f()
    except RecursionError:
        return "RecursionError"


def a():
    return a()


class B:
    def __repr__(self):
        return repr(self)

    def __getattr__(self, name):
        return getattr(self, name + "x")

    def __eq__(self, other):
        return other == self

    def __call__(self, x):
        return sorted([x], key=self)


def nested(n):
    x = []
    for _ in range(n):
        x = [x]
    return x


print(depth(a), depth(lambda: repr(B())), depth(lambda: B().q))
print(depth(lambda: B() == B()), depth(lambda: B()(1)))
print(depth(lambda: repr(nested(100000))))
print(depth(lambda: nested(100000) == nested(100000)))
print(depth(lambda: json.dumps(nested(100000))))
print(depth(lambda: json.loads("[" * 100000)))
print(depth(lambda: hash(functools.reduce(lambda x, _: (x,), range(100000), ()))))
print(depth(lambda: functools.reduce(lambda f, _: functools.partial(f), range(9), print)()))
