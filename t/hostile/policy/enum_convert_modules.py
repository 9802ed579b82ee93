# expect: {"status": "failed", "error_type": "AttributeError", "stdout": "", "error_has": "sys"}
# stopped_by: policy
import enum
E = enum.Enum._convert_("E", "enum", lambda name: name == "sys")
print("ESCAPED", E.sys.value.modules["os"].getpid())
