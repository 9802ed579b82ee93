-- expect: {"status": "completed", "stdout": "No space left on device\ttrue\n"}
-- stopped_by: tmp
-- As many files as there can be.
for i = 1, 100000 do
    local f, reason = io.open("f" .. i, "w")
    if not f then
        print((reason:gsub("^.*: ", "")), i > 100 and i < 20000)
        break
    end
    f:close()
end
