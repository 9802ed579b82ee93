-- expect: {"status": "completed", "stdout_like": "^(?:true|false)\\n$"}
-- bounded_by: the interpreter finds it out
local t = {}
for i = 1, 10000 do t[i] = i * 7919 % 10007 end
print((pcall(table.sort, t, function() return true end)))
