-- expect: {"status": "completed", "stdout": "0\tnil\tnil\n"}
-- bounded_by: a cell is used once
-- What an earlier one left.
local n = 0
for name in pairs(_G) do
    if name == "left" then n = n + 1 end
end
print(n, string.left, (io.open("/tmp/left")))
left = 1
string.left = 1
io.open("/tmp/left", "w"):write("cr-hostile-marker")
setmetatable(_G, { __index = function() return 1 end })
