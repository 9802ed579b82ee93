# expect: {"status": "failed", "error_type": "TypeError", "stdout": "", "error_has": "'attribute' object is not callable"}
# stopped_by: policy
get = vars(type)["__subclasses__"]
print("ESCAPED", len(get(object)) > 100)
