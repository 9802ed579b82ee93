-- expect: {"status": "completed", "stdout": "false\nfalse\nfalse\nfalse\n"}
-- memory_mb: 64
-- bounded_by: memory, and the longest string
print((pcall(string.rep, "x", math.maxinteger)))
print((pcall(string.rep, "x", 1 << 40)))
print((pcall(string.rep, "x", 1 << 28, "y")))
print((pcall(function()
    local s = "x"
    while true do s = s .. s end
end)))
