# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[18, 18, "use of '__builtins__' is not allowed"]]}
# stopped_by: policy
class Liar(str):
    def __hash__(self):
        return hash("math")

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False


try:
    pass
except ValueError as __builtins__:
    pass
print("ESCAPED", __builtins__["__import__"](Liar("os")).system)
