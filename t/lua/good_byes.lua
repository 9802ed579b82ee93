-- expect: {"status": "completed", "stdout": "main\nclosed\ngood-bye\n"}
local kept <close> = setmetatable({}, { __close = function() print("closed") end })
left = setmetatable({}, { __gc = function() print("good-bye") end })
print("main")
