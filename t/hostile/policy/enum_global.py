# expect: {"status": "failed", "error_type": "KeyError", "stdout": "", "error_has": "'builtins'"}
# stopped_by: policy
import enum


@enum.global_enum
class E(enum.Enum):
    __module__ = "builtins"
    len = 1


print(len("abc"), "unchanged")
