# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[5, 30, "attribute '__base__' is not allowed"], [5, 39, "attribute '__subclasses__' is not allowed"]]}
# stopped_by: policy
class Base:
    def __init_subclass__(cls, **names):
        print("ESCAPED", cls.__base__.__subclasses__())


class C(Base):
    pass
