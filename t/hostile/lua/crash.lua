-- expect: {"status": "failed", "stdout": "before\n"}
-- timeout: 5
-- bounded_by: a cell is its own process and used once
-- Precompiled code that is none, by the load() that was hidden.
print("before")
local _, raw = debug.getupvalue(load, 1)
local code = string.dump(function(a, b) return a.x.y.z, b end)
math.randomseed(1)
while true do
    local broken = {}
    for i = 1, #code do
        broken[i] = i > 30 and math.random(8) == 1 and string.char(math.random(0, 255))
                    or code:sub(i, i)
    end
    local f = raw(table.concat(broken), "x", "b")
    if f then pcall(f, 1, 2) end
end
