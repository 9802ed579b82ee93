# expect: {"status": "completed", "stdout": "use of 'vars' without an argument is not allowed\nSecurityError attribute '__code__' is not allowed\n{'a': 1} 2 True\n{'c': 3}\ngetattr expected at least 2 arguments, got 1\n'P' object has no attribute 'nothing'\n", "exit_code": 0}
try:
    vars()
except SecurityError as e:
    print(str(e).partition(";")[0])
try:
    setattr(int, "__co" + "de__", 1)
except SecurityError as e:
    print(type(e).__name__, e.args[0].partition(";")[0])


class P:
    def __init__(self):
        self.a = 1


print(vars(P()), getattr(P(), "b", 2), hasattr(P(), "a"))
p = P()
setattr(p, "c", 3)
delattr(p, "a")
print(p.__dict__)
try:
    getattr(p)
except TypeError as e:
    print(e)
try:
    getattr(p, "nothing")
except AttributeError as e:
    print(e)
