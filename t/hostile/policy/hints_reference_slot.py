# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[14, 18, "attribute '__forward_code__' is not allowed"]]}
# stopped_by: policy
import functools
import typing
take = functools.cached_property(functools.partial(
    vars(object)["__getattribute__"], typing.ForwardRef("1")))


class Name(str):
    pass


take.attrname = "taken"
print("ESCAPED", take.__get__(Name("__forward_" + "code__")))
