# expect: {"status": "completed", "stdout": "not decoded anew\n"}
# stopped_by: policy
# -*- coding: utf-7 -*-
# +AAo-import os
print("not decoded anew" if "os" not in dir() else "ESCAPED")
