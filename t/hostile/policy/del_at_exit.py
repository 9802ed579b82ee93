# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[5, 32, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
class C:
    def __del__(self):
        print("ESCAPED", print.__self__)


c = C()
