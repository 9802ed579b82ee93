# expect: {"status": "completed", "stdout": "JSONDecodeError 0\nmodule ['JSONDecodeError', 'JSONDecoder']\n", "exit_code": 0}
import collections
import collections.abc
import copy
import datetime
import json
import typing

assert isinstance({}, collections.abc.Mapping)
assert isinstance(collections.OrderedDict(), dict)
assert issubclass(json.JSONDecodeError, ValueError)
assert isinstance(datetime.datetime.now(), datetime.date)


class D(collections.UserDict, typing.Generic[typing.TypeVar("T")]):
    pass


d = copy.deepcopy(D(a=1))
assert type(d) is D and d["a"] == 1
try:
    json.loads("x")
except json.decoder.JSONDecodeError as e:
    print("JSONDecodeError", e.pos)
print(type(json).__name__, sorted(json.__all__)[:2])
