# expect: {"status": "failed", "error_type": "NameError", "stdout": "", "error_has": "name 'environ' is not defined"}
# stopped_by: policy
import typing
reference = typing.ForwardRef("print('ESCAPED', environ) or int",
                              module="os")
print(reference._evaluate({}, {}, frozenset()))
