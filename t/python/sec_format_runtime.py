# expect: {"status": "completed", "stdout": "attribute '__globals__' is not allowed\nattribute '__code__' is not allowed\nattribute '__closure__' is not allowed\n3 [1]\n"}
import operator
import string


def refused(f, *args):
    try:
        f(*args)
    except SecurityError as e:
        print(str(e).partition(";")[0])


name = "__glo" + "bals__"
refused(string.Formatter().format, "{0." + name + "}", print)
refused(operator.attrgetter, "a.__co" + "de__")
refused(operator.methodcaller, "__clo" + "sure__")
print(operator.attrgetter("real")(3), string.Formatter().format("{0}", [1]))
