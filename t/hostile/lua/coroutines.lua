-- expect: {"status": "failed", "error_type": "MemoryError"}
-- memory_mb: 64
-- bounded_by: memory
-- As many as there can be.
local kept = {}
for i = 1, math.huge do
    local co = coroutine.create(function() coroutine.yield() end)
    coroutine.resume(co)
    kept[i] = co
end
