# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[9, 16, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import json
import string


class Mine(string.Formatter):
    def get_field(self, name, args, kwargs):
        return string.Formatter.mro()[1].get_field(self, name, args, kwargs)

    def format_field(self, value, spec):
        self.taken = value
        return ""


mine = Mine()
mine.format("{0.__glob" + "als__}", json.dumps)
print("ESCAPED", mine.taken["codecs"].builtins.open)
