# expect: {"status": "completed", "stdout": "{'a': {'c': 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',\n       'd': 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyy'},\n 'b': [0,\n       1,\n       2,\n       3,\n       4,\n       5,\n       6,\n       7,\n       8,\n       9,\n       10,\n       11,\n       12,\n       13,\n       14,\n       15,\n       16,\n       17,\n       18,\n       19,\n       20,\n       21,\n       22,\n       23,\n       24,\n       25,\n       26,\n       27,\n       28,\n       29]}\n[1, [2, [...]]] True\n{'b': 1, 'a': 2}\n[   'aaaaaaaaaa',\n    'bbbbbbbbbb']\n", "exit_code": 0}
import pprint
from pprint import pformat, pp
pprint.pprint({"b": list(range(30)), "a": {"c": "x" * 60, "d": "y" * 30}})
print(pformat([1, [2, [3]]], depth=2), pprint.isreadable({1: 2}))
pp({"b": 1, "a": 2})
pprint.PrettyPrinter(indent=4, width=20).pprint(["aaaaaaaaaa", "bbbbbbbbbb"])
