# expect: {"status": "completed", "stdout": "not decoded anew\n"}
# bounded_by: a text that comes as Unicode is not decoded anew
# -*- coding: utf-7 -*-
# +AAo-import os
print("not decoded anew" if "os" not in dir() else "ESCAPED")
