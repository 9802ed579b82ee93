# expect: {"status": "completed", "stdout": "{'a': 'b'}\n"}
# stopped_by: policy
import enum
import json


class E(enum.IntFlag):
    __module__ = "json.decoder"
    scanstring = 1

    def __call__(self, *args):
        print("ESCAPED", args)


enum.global_enum(E)
print(json.loads('{"a": "b"}'))
