# expect: {"status": "completed", "stdout": "one uid, not root's\none gid, not root's\n[]\n", "exit_code": 0}
# runtime: python-open
# stopped_by: ids
import os

for name, ids in (("uid", os.getresuid()), ("gid", os.getresgid())):
    print("one", name + ("," if len(set(ids)) == 1 else " ESCAPED"),
          "not root's" if 0 not in ids else "ESCAPED")
print(os.getgroups())
