# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[8, 16, "use of '__import__' is not allowed"]]}
# stopped_by: policy
import copy


class Reduced:
    def __reduce__(self):
        return __import__, ("os",)


print("ESCAPED", copy.deepcopy(Reduced()))
