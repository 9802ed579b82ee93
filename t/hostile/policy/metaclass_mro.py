# expect: {"status": "failed", "error_type": "TypeError", "stdout": "", "error_has": "mro() returned base with unsuitable layout ('builtin_function_or_method')"}
# bounded_by: the interpreter's own check of types
class Meta(type):
    def mro(cls):
        return [cls, type(print), object]


class C(metaclass=Meta):
    pass


print("ESCAPED", getattr(C, "__se" + "lf__"))
