# expect: {"status": "completed", "stdout": "not decoded anew\n"}
# bounded_by: a text that comes as Unicode is not decoded anew
# coding: unicode_escape
# \x0aimport os
print("not decoded anew" if "os" not in dir() else "ESCAPED")
