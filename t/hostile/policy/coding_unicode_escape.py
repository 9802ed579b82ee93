# expect: {"status": "completed", "stdout": "not decoded anew\n"}
# coding: unicode_escape
# stopped_by: policy
# \x0aimport os
print("not decoded anew" if "os" not in dir() else "ESCAPED")
