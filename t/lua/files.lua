-- expect: {"status": "completed", "stdout": "1 2.5\tx\ntrue\nnil\tnone: No such file or directory\t2\nmodule\t./mine.lua\n7\nnil\t/zygote: Read-only file system\t30\n3\n"}
local f = assert(io.open("out.txt", "w"))
f:write(1, " ", 2.5, "\tx\n")
f:close()
for line in io.lines("out.txt") do print(line) end
print(os.rename("out.txt", "other") and os.remove("other"))
print(io.open("none"))

f = io.open("mine.lua", "w")
f:write("print('module', select(2, ...)) return { x = 7 }")
f:close()
print(require("mine").x)
print(io.open("/zygote", "w"))

f = io.tmpfile()
f:write("abc")
print(f:seek("end"))
