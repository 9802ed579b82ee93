-- expect: {"status": "completed", "stdout": "false\nfalse\nfalse\n"}
-- memory_mb: 64
-- bounded_by: memory, and the interpreter's limits
print((pcall(table.concat, {}, "x", 1, math.maxinteger)))
print((pcall(table.unpack, {}, 1, 1 << 30)))
print((pcall(function() local t = {} for i = 1, 1e9 do t[i] = i end end)))
