-- expect: {"status": "failed", "error_type": "RuntimeError", "error_has": "stack overflow", "stderr_has": ["main.lua:3: stack overflow", "\n\t..."]}
local function f(n)
    return 1 + f(n + 1)
end
f(1)
