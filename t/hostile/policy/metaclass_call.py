# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[5, 20, "attribute '__subclasses__' is not allowed"]]}
# stopped_by: policy
class Meta(type):
    def __call__(cls, *args):
        return cls.__subclasses__


class C(metaclass=Meta):
    pass


print("ESCAPED", C()())
