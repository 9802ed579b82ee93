# expect: {"status": "failed", "error_type": "KeyError", "stdout": "", "error_has": "'__self__'"}
# stopped_by: policy
import functools


class Get:
    def __get__(self, instance, owner):
        return print

    def __call__(self):
        pass


bound = functools.partialmethod(Get(), 1).__get__(1, int)
print("ESCAPED", vars(bound)["__se" + "lf__"].open)
