# expect: {"status": "failed", "error_type": "AttributeError", "stdout": "", "error_has": "'attribute' object has no attribute '__get__'"}
# stopped_by: policy
get = vars(type(len))["__self__"].__get__
print("ESCAPED", get(len).open)
