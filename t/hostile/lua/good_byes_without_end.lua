-- expect: {"status": "failed", "error_type": "TimeoutError", "stdout": "main\n"}
-- timeout: 1
-- bounded_by: time
setmetatable({}, { __gc = function() while true do end end })
print("main")
