# expect: {"status": "completed", "stdout": "['1', '22', '333'] 1a 2b\n{'k': 'key', 'v': 'value'} key=value (4, 9)\nTrue re.IGNORECASE\n['a', 'b', 'c'] True\na\\.b [1, 3, 5]\nbAnAna\nmissing ), unterminated subpattern 0\nre.IGNORECASE True True\n", "exit_code": 0}
import re
print(re.findall(r"\d+", "a1b22c333"), re.sub(r"(\w)(\d)", r"\2\1", "a1 b2"))
m = re.match(r"(?P<k>\w+)=(?P<v>\w+)", "key=value")
print(m.groupdict(), m.group(0), m.span("v"))
p = re.compile("^x.*y$", re.I | re.M | re.S)
print(bool(p.search("X\ny")), p.flags & re.I)
print(re.split(r"[,;]\s*", "a, b;c"), re.fullmatch("a+", "aaa") is not None)
print(re.escape("a.b"), [m.start() for m in re.finditer("a", "banana")])
print(re.sub("a", lambda m: m.group().upper(), "banana", count=2))
try:
    re.compile("(")
except re.error as e:
    print(e.msg, e.pos)
print(re.IGNORECASE, isinstance(p, re.Pattern), isinstance(m, re.Match))
