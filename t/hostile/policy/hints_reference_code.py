# expect: {"status": "failed", "error_type": "AttributeError", "stdout": "", "error_has": "'attribute' object has no attribute '__get__'"}
# stopped_by: policy
import typing
code = vars(typing.ForwardRef)["__forward_" + "code__"].__get__(
    typing.ForwardRef("1"))
print("ESCAPED", code.replace(co_filename="/usr/lib/python3.11/os.py"))
