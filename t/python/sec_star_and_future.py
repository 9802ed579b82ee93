# expect: {"status": "completed", "stdout": "Undefined 3 True\nSized JSONDecoder True json.encoder\n", "exit_code": 0}
from __future__ import annotations
from math import *
from collections.abc import *
import collections.abc as cabc, json.decoder as jd
from json import decoder, encoder


def f(x: Undefined) -> "also": ...


print(f.__annotations__["x"], floor(pi), isinstance([], Sequence))
print(cabc.Sized.__name__, jd.JSONDecoder.__name__, decoder is jd, encoder.__name__)
