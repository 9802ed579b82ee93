-- expect: {"status": "completed", "stdout": "true\n"}
-- stopped_by: tmp rlimits
-- A file as large as it goes.
local f = io.open("large", "w")
local piece = ("x"):rep(1 << 20)
local n = 0
while n < 64 and f:write(piece) do n = n + 1 end
print(n <= 16)
