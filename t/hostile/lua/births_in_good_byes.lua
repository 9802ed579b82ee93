-- expect: {"stdout": "main\n"}
-- timeout: 2
-- bounded_by: time
local function born()
    setmetatable({}, { __gc = born })
end
born()
print("main")
