# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[5, 29, "attribute 'tb_frame' is not allowed"], [5, 38, "attribute 'f_builtins' is not allowed"]]}
# stopped_by: policy
class Catch:
    def __exit__(self, kind, value, tb):
        print("ESCAPED", tb.tb_frame.f_builtins)
        return True

    def __enter__(self):
        pass


with Catch():
    1 / 0
