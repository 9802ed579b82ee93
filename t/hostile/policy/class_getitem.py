# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[5, 25, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
class C:
    def __class_getitem__(cls, function):
        return function.__self__


print("ESCAPED", C[print].open)
