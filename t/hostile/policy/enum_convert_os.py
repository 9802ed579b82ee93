# expect: {"status": "failed", "error_type": "KeyError", "stdout": "", "error_has": "'os'"}
# stopped_by: policy
import enum
E = enum.Enum._convert_("E", "os", lambda name: name == "environ")
print("ESCAPED", E.environ.value)
