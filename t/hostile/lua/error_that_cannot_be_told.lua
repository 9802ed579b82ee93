-- expect: {"status": "failed", "error_type_in": ["MemoryError", "RuntimeError"]}
-- memory_mb: 64
-- bounded_by: memory
-- An error as large as the memory, of which a traceback makes another.
local s = "x"
pcall(function() while true do s = s .. s end end)
error(s)
