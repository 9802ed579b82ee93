-- expect: {"status": "failed", "error_type": "RuntimeError", "exit_code": 1}
error(setmetatable({}, { __tostring = function() error("again") end }))
