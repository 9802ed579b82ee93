# expect: {"status": "failed", "error_type": "AttributeError", "stdout": "", "error_has": "'attribute' object has no attribute '__get__'"}
# stopped_by: policy
import json


class Catch:
    def __exit__(self, kind, value, tb):
        frame = vars(type(tb))["tb_frame"].__get__(tb)
        print("ESCAPED", vars(type(frame))["f_builtins"].__get__(frame))
        return True

    def __enter__(self):
        pass


with Catch():
    json.loads("{")
