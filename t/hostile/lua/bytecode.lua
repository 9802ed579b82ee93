-- expect: {"status": "completed", "stdout_like": "^(?:nil|false)\\t.*binary chunk.*\\n(?:nil\\t.*binary chunk.*\\n){3}false\\n$"}
-- bounded_by: clear errors; the interpreter is in a cell
-- Precompiled code, by every way there is.
local code = string.dump(function() print("ESCAPED") end)
print(load(code))
print(load(code, "x", "b"))
print(load(coroutine.wrap(function() coroutine.yield(code) end), "x", "bt"))
local f = io.open("x.lua", "wb")
f:write(code)
f:close()
print(loadfile("x.lua", "b"))
print((pcall(require, "x")))
pcall(dofile, "x.lua")
