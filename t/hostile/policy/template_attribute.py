# expect: {"status": "completed", "stdout": "no attribute\n"}
# bounded_by: a name is data and is not evaluated
import string


class Template(string.Template):
    idpattern = r"[a-z_.]+"


print(Template("$a.__class__").substitute({"a.__class__": "no attribute"}))
