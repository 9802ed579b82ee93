-- expect: {"status": "completed", "stdout": "false\tC stack overflow\n"}
-- bounded_by: the interpreter counts how deep it is
-- Each resumes the next.
local function deeper()
    local co = coroutine.create(deeper)
    local ok, reason = coroutine.resume(co)
    if not ok then error(reason, 0) end
end
local ok, reason = pcall(deeper)
print(ok, (reason:gsub("^.*: ", "")))
