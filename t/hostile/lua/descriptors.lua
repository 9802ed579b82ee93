-- expect: {"status": "completed", "stdout": "true\tToo many open files\n"}
-- stopped_by: rlimits
-- As many as may be open, and then an end.
local kept = {}
local reason
for i = 1, 100000 do
    local f, r = io.open("/dev/null")
    if not f then reason = r break end
    kept[i] = f
end
print(#kept < 256, (reason:gsub("^.*: ", "")))
