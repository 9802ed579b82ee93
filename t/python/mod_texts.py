# expect: {"status": "completed", "stdout": "ok\n", "exit_code": 0}
# memory_mb: 256
import csv
import json
import re
import string
import textwrap
from pprint import PrettyPrinter, pformat

# Large input.
text = "key%d = value %d; " * 20000 % tuple(i // 2 for i in range(40000))
pairs = re.findall(r"(?P<key>\w+)\s*=\s*([^;]+);", text)
assert len(pairs) == 20000 and pairs[-1] == ("key19999", "value 19999")
assert len(re.sub(r"\d+", lambda m: str(int(m[0]) % 10), text)) < len(text)
assert sum(1 for _ in re.finditer(r"(?<=key)\d+(?= )", text)) == 20000
assert re.compile(r"""
    (?P<year>\d{4}) - (?P<month>\d\d)   # a date
""", re.X).fullmatch("2024-02").groupdict() == {"year": "2024", "month": "02"}
assert re.split(r"[,;]\s*", "a, b;c") == ["a", "b", "c"]
assert re.search("ÄB", "xäb", re.I) and re.match(r"\w+", "größe")[0] == "größe"
assert re.sub(r"(?i)(a)(b)?", r"<\1\2>", "aAb") == "<a><Ab>"
assert re.match(r"(?>a+)b", "aab") and re.match(r"a++b", "aab")
assert re.escape("a.b") == r"a\.b" and re.fullmatch(rb"\x00+", b"\0\0")
try:
    re.compile("(")
except re.error as e:
    assert e.pos == 0

large = {"list": list(range(50000)), "text": "ü" * 50000,
         "deep": {"a": [{"b": None}] * 1000}}
assert json.loads(json.dumps(large)) == large
assert json.loads(json.dumps(large, indent=1, ensure_ascii=False)) == large
nested = "[" * 500 + "]" * 500
assert json.dumps(json.loads(nested)) == nested
try:
    json.loads("[" * 100000)
except RecursionError:
    pass
assert json.loads('{"a": 1}', object_pairs_hook=list) == [("a", 1)]
assert json.dumps(float("nan")) == "NaN" and json.loads("1e400") == float("inf")
assert json.JSONDecoder().raw_decode('[1] rest') == ([1], 3)
assert "".join(json.JSONEncoder().iterencode({"a": [1]})) == '{"a": [1]}'


class Dialect(csv.excel):
    delimiter = "|"
    quoting = csv.QUOTE_NONNUMERIC


csv.register_dialect("own", Dialect)
assert next(csv.reader(['"a|b"|1.5'], "own")) == ["a|b", 1.5]
rows = [["x,y", 'say "a"', "two\nlines", ""], ["1", "2", "3", "4"]]


class Lines(list):
    write = list.append


for dialect in "excel", "excel-tab", "unix":
    out = Lines()
    csv.writer(out, dialect).writerows(rows)
    assert list(csv.reader(out, dialect)) == rows, dialect
out = Lines()
writer = csv.DictWriter(out, ["a", "b"], extrasaction="ignore", restval="-")
writer.writeheader()
writer.writerow({"a": 1, "c": 2})
assert out == ["a,b\r\n", "1,-\r\n"]
assert csv.Sniffer().sniff("a;b\n1;2\n").delimiter == ";"
assert csv.Sniffer().has_header("name,n\na,1\nb,2\n")
try:
    list(csv.reader(["x" * 200000]))
except csv.Error as e:
    assert "larger than field limit" in str(e)

prose = "The quick brown fox jumps over the lazy dog. " * 20
assert max(map(len, textwrap.wrap(prose, 30))) <= 30
assert textwrap.shorten(prose, 20, placeholder="...") == "The quick brown..."
assert textwrap.fill("a b", 1) == "a\nb" and textwrap.indent("a", "> ") == "> a"
wrapper = textwrap.TextWrapper(width=12, initial_indent="* ", break_on_hyphens=False)
assert wrapper.wrap("well-known words")[0] == "* well-known"

assert pformat({"b": [1] * 40, "a": {1, 2}}, width=30, compact=True).count("\n") > 2
assert pformat({"b": 1, "a": 2}, sort_dicts=False) == "{'b': 1, 'a': 2}"
assert PrettyPrinter(depth=1).pformat([[1]]) == "[[...]]"
assert pformat(10**7, underscore_numbers=True) == "10_000_000"
assert string.Template("$a ${b} $$").safe_substitute(a=1) == "1 ${b} $"
print("ok")
