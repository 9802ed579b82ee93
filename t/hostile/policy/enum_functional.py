# expect: {"status": "completed", "stdout": "__import__('os') os\n"}
# stopped_by: policy
import enum
E = enum.Enum("E", {"a": "__import__('os')"}, module="os",
              qualname="__import__('os')")
print(E.a.value, E.__module__)
