# expect: {"status": "failed", "error_type": "TypeError", "stdout": "", "error_has": "super(type, obj): obj must be an instance or subtype of type"}
# bounded_by: the interpreter's own check of types
class Meta(type):
    def __getattribute__(cls, name):
        return super().__getattribute__(name)


class C(metaclass=Meta):
    pass


take = vars(Meta)["__getattribute__"]
print("ESCAPED", len(take(object, "__sub" + "classes__")()) > 100)
