# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[8, 40, "attribute '__func__' is not allowed"], [8, 49, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
class C:
    def m(self):
        pass


print("ESCAPED", type(C().m)(print, 1).__func__.__self__.open)
