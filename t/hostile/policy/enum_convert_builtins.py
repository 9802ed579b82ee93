# expect: {"status": "failed", "error_type": "KeyError", "stdout": "", "error_has": "'builtins'"}
# stopped_by: policy
import enum
E = enum.Enum._convert_("E", "builtins", lambda name: name == "open")
print("ESCAPED", E.open.value)
