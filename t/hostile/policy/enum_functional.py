# expect: {"status": "completed", "stdout": "__import__('os') os\n"}
# bounded_by: a name is data and is not evaluated
import enum
E = enum.Enum("E", {"a": "__import__('os')"}, module="os",
              qualname="__import__('os')")
print(E.a.value, E.__module__)
