-- expect: {"status": "completed", "stdout": "3\té\t1970-01-01\t5\t2.0\nok\n", "stderr": "to stderr\nLua warning: careful\n"}
print(utf8.len("aéb"), utf8.char(233), os.date("!%Y-%m-%d", 0),
      string.unpack("<i4", string.pack("<i4", 5)), 4 ^ 0.5)
io.stderr:write("to stderr\n")
warn("@on")
warn("careful")
local co = coroutine.create(function(a) return coroutine.yield(a + 1) end)
assert(select(2, coroutine.resume(co, 1)) == 2)
assert(load("return ...")(4) == 4)
assert(load("return x", "c", "t", { x = 5 })() == 5)
assert(not load("x x"))
assert(goto_ == nil and os.getenv("PATH") == nil and os.clock() >= 0)
print("ok")
