#!/usr/bin/python3
"""Writes programs that try what the builtin analyzer bears: a JSON object a
line, "name" and "code".

    hostile.py
"""

import json


def nested(head, depth, body, lines):
    made = ["n = int(input())", "a = []"]
    made += [" " * i + head.replace("@", str(i)) for i in range(depth)]
    made += [" " * depth + body.replace("@", str(i)) for i in range(lines)]
    return "\n".join(made) + "\n"


def doubling(count):
    made = ["def f0():\n    pass\n"]
    for i in range(1, count):
        made.append(f"def f{i}():\n    f{i - 1}()\n    f{i - 1}()\n")
    return "".join(made) + f"f{count - 1}()\n"


PROGRAMS = {
    "parentheses": "(" * 5000 + ")" * 5000,
    "a long sum": "x = " + " + ".join(["x"] * 20000),
    "signs": "x = " + "-" * 20000 + "1",
    "attributes of attributes": "x = 1\ny = x" + ".a" * 20000,
    "calls of calls": "def f():\n    return f\nf" + "()" * 20000,
    "conditions": "x = " + "1 if x else " * 3000 + "0",
    "comprehensions": "x = " + "[i for i in " * 60 + "input()" + "]" * 60,
    "loops in loops": nested("for i@ in range(n):", 18, "x@ = i1 + n", 2500),
    "while in while": nested("while n > @:", 17, "n -= 1; x@ = n // 2 + a[n]",
                             2500),
    "queues in queues": nested("while a:", 17, "a.append(n) if n in a "
                               "else a.pop()", 2500),
    "one product of many sizes": "n = int(input())\n" + "n *= n\n" * 300
                                 + "for i in range(n):\n    pass\n",
    "functions that double": doubling(60),
    "functions of each other":
        "def a(n):\n    return b(n - 1) + b(n - 1)\n"
        "def b(n):\n    return a(n - 1) + a(n - 1)\nprint(a(int(input())))\n",
    "no fixed point": "(lambda x: x(x))(lambda x: x(x))",
    "a class that is its own items":
        "class A:\n    def __getattr__(self, name): return self\n"
        "    def __iter__(self): return self\n"
        "    def __call__(self): return self()\n"
        "for i in A():\n    for j in i:\n        j()\n",
    "a class of itself": "class A(A):\n    pass\nA().x()\n",
    "a list in itself": "a = []\na.append(a)\nfor i in a:\n    for j in i:\n"
                        "        print(a, sorted(a))\n",
    "lists of lists of lists": "n = int(input())\na = []\n"
                               "for i in range(n):\n    a = [a, a]\n"
                               "    a += a\nprint(a)\n",
    "many sizes": "\n".join(f"a{i} = int(input())" for i in range(3000))
                  + "\nfor i in range(a1):\n    for j in range(a2):\n"
                    "        print(i)\n",
    "much of nothing": "x = 1\n" * 40000,
    "a long text": "x = '" + "a" * 250000 + "'\n",
    "a large number": "for i in range(10 ** 100 ** 2):\n    print(9 ** 9 ** 9"
                      " ** 9, 1 << 10 ** 9)\n",
    "many digits": "x = " + "9" * 100000,
    "text that is run": "exec('while 1: pass')\n",
    "without end": "while 1:\n    pass\n",
    "a generator of itself": "def g():\n    yield from g()\n"
                             "for i in g():\n    pass\n",
    "no program": "for for",
    "nothing": "# nothing\n",
}

for name, code in PROGRAMS.items():
    print(json.dumps({"name": name, "code": code}))
