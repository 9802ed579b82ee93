# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[5, 22, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
class Space(dict):
    def __missing__(self, name):
        return print.__self__


class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases):
        return Space()


class C(metaclass=Meta):
    module = builtins


print("ESCAPED", C.module.open)
