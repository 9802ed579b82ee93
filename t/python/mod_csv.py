# expect: {"status": "completed", "stdout": "[['a', 'b'], ['1', 'x, y'], ['2', 'q\"q']]\n1,a b,\"c\"\"d\",\na,b\n1,\"x, y\"\n2,\"q\"\"q\"\n\n[{'n': '1', 'm': '2'}]\n'x,y\\r\\n1,2\\r\\n' ['excel'] ;\nunexpected end of data\n", "exit_code": 0}
import csv


class Out:
    def __init__(self):
        self.text = ""

    def write(self, s):
        self.text += s
        return len(s)


rows = list(csv.reader(["a,b", '1,"x, y"', '2,"q""q"']))
print(rows)
o = Out()
w = csv.writer(o, quoting=csv.QUOTE_MINIMAL, lineterminator="\n")
w.writerow([1, "a b", 'c"d', None])
w.writerows(rows)
print(o.text)
print(list(csv.DictReader(["n;m", "1;2"], delimiter=";")))
o = Out()
d = csv.DictWriter(o, ["x", "y"])
d.writeheader()
d.writerow({"x": 1, "y": 2})
print(repr(o.text), csv.list_dialects()[:1], csv.Sniffer().sniff("a;b\n1;2").delimiter)
try:
    list(csv.reader(['"a'], strict=True))
except csv.Error as e:
    print(e)
