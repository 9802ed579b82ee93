-- expect: {"status": "failed", "error_type": "RuntimeError", "error": "I am 7"}
error(setmetatable({ 7 }, { __tostring = function(e) return "I am " .. e[1] end }))
