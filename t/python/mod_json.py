# expect: {"status": "completed", "stdout": "{\"a\": [1, 2.5, null, true], \"b\": {\"c\": \"\\u00fc\\n\"}}\n{\n  \"a\": [\n    1,\n    2.5,\n    null,\n    true\n  ],\n  \"b\": {\n    \"c\": \"ü\\n\"\n  }\n}\n[1,2]\nExpecting value 1 7\n[1, 2, 3]\n['1.5', '1e3']\nTypeError True\n", "exit_code": 0}
import json
import json.decoder
from json import JSONDecodeError
data = {"a": [1, 2.5, None, True], "b": {"c": "ü\n"}}
text = json.dumps(data)
print(text)
assert json.loads(text) == data
print(json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False))
print(json.dumps([1, 2], separators=(",", ":")))
try:
    json.loads('{"a": }')
except JSONDecodeError as e:
    print(e.msg, e.lineno, e.colno)
assert json.decoder.JSONDecodeError is JSONDecodeError


class Encoder(json.JSONEncoder):
    def default(self, o):
        return sorted(o) if isinstance(o, set) else super().default(o)


print(json.dumps({3, 1, 2}, cls=Encoder))
print(json.loads("[1.5, 1e3]", parse_float=str))
try:
    json.dumps(object)
except TypeError as e:
    print("TypeError", "not JSON serializable" in str(e))
