# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[11, 7, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import json
import typing


class C:
    x: "print('ESCAPED', json.dumps.__globals__['codecs']) or int"


print(typing.get_type_hints(C, localns={"json": json, "print": print}))
