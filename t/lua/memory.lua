-- expect: {"status": "failed", "stdout": "before\n", "error_type": "MemoryError", "error": "not enough memory", "stderr": "lua: not enough memory\n", "exit_code": 1}
-- memory_mb: 64
print("before")
local t = {}
for i = 1, math.huge do
    t[i] = { i }
end
