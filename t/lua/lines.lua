-- expect: {"status": "completed", "stdout": "1 a\n2 b\n3 \n4 d\n"}
-- stdin: "a\nb\n\nd"
local n = 0
for line in io.lines() do
    n = n + 1
    print(n .. " " .. line)
end
