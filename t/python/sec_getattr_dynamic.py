# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "1\ncaught attribute '__globals__' is not allowed\n", "violations": [[9, 5, "attribute '__subclasses__' is not allowed"]], "stderr_has": ["Traceback (most recent call last):\n  File \"main.py\", line 11, in <module>\n    f()\n  File \"main.py\", line 9, in f\n", "SecurityError: attribute '__subclasses__'"], "stderr_hasnt": ["<runtime>", "policy"]}
print(getattr(1, "re" + "al"))
try:
    getattr(print, "__glo" + "bals__", None)
except Exception as e:
    print("caught", str(e).partition(";")[0])
def f():
    g = "__sub"
    getattr(int, g + "classes__")()

f()
