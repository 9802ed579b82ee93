-- expect: {"stdout_hasnt": "ESCAPED"}
-- bounded_by: a cell is its own process and used once
-- The registry, others' upvalues, the metatables of all strings: and then
-- precompiled code that is none, by the load() that was hidden.
for k, v in pairs(debug.getregistry()) do
    if type(v) == "function" then pcall(debug.setupvalue, v, 1, nil) end
end
getmetatable("").__index = function() error("none") end
getmetatable("").__name = "x"
debug.setmetatable(nil, { __index = function() return nil end })
debug.setmetatable(print, { __index = { x = 1 } })
local _, raw = debug.getupvalue(load, 1)
local code = {}
for i = 1, 200 do code[i] = _G.string.char(i * 37 % 256) end
if raw then
    local dumped = _G.string.dump(function(a) return a end)
    for i = 40, #dumped, 3 do
        local f = raw(_G.string.sub(dumped, 1, i - 1) .. "\255"
                      .. _G.string.sub(dumped, i + 1), "x", "b")
        if f then pcall(f, 1, 2, 3) end
    end
end
debug.sethook(function() error("hook") end, "", 1)
