# expect: {"status": "failed", "error_type": "NameError", "stdout": "", "error_has": "name 'sys' is not defined"}
# stopped_by: policy
import dataclasses
import typing


class C:
    __module__ = "typing"
    __annotations__ = {
        "x\"+str(print('ESCAPED', sys.modules['os'].getpid()))#": int}


print(dataclasses.dataclass(C, init=False, eq=False)())
