# expect: {"status": "completed", "stdout": "gone\n"}
# stopped_by: policy
class C:
    def __del__(self):
        print("gone")
        print("ESCAPED", getattr(print, "__se" + "lf__"))


c = C()
