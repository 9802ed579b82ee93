-- expect: {"status": "failed", "stdout": "before\n", "error_type": "RuntimeError", "error": "main.lua:3: attempt to index a nil value (local 't')", "stderr": "lua: main.lua:3: attempt to index a nil value (local 't')\nstack traceback:\n\tmain.lua:3: in upvalue 'deep'\n\tmain.lua:7: in function 'outer'\n\tmain.lua:10: in main chunk\n", "exit_code": 1}
local function deep(t)
    return t.x.y + 1
end

function outer()
    deep(nil)
end
print("before")
outer()
