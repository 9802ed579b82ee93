-- expect: {"status": "completed", "stdout": "nil\tstring\nfalse\nnil\tOperation not permitted\t1\nok\n"}
local f, reason = io.popen("true")
print(f, type(reason))
print((os.execute()))
print(os.execute("true"))
print(package.loadlib == nil and "ok")
