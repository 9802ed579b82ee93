# expect: {"status": "failed", "error_type": "NameError", "stdout": "", "error_has": "name 'sys' is not defined"}
# stopped_by: policy
import typing


class C:
    __module__ = "typing"
    x: "print('ESCAPED', sys.modules['os'].getpid()) or int"


print(typing.get_type_hints(C))
