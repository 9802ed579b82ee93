# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[7, 27, "use of '__import__' is not allowed"]]}
# stopped_by: policy
from __future__ import annotations
import typing


def f(x: print("ESCAPED", __import__("os"))):
    pass


print(typing.get_type_hints(f))
