# expect: {"status": "completed", "stdout": "no attribute\n"}
# stopped_by: policy
import string


class Template(string.Template):
    idpattern = r"[a-z_.]+"


print(Template("$a.__class__").substitute({"a.__class__": "no attribute"}))
