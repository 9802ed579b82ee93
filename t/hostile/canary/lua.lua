-- expect: {"status": "completed", "stdout_like": "^input\\none\\ttrue\\ntoken [0-9.]+\\n$", "stderr": "", "exit_code": 0}
-- stdin: "input\n"
-- args: ["one"]
-- What a program finds after a hostile one: all is as ever.
print(io.read())
local n = 0
for name in pairs(_G) do n = n + 1 end
print(..., n == 36 and getmetatable(_G) == nil and #package.searchers == 2
           and not io.open("/tmp/left") and debug.gethook() == nil
           and not string.left and getmetatable("").__name == nil)
print("token " .. math.random() .. math.random(1 << 40))
