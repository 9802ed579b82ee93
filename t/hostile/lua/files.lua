-- expect: {"status": "completed", "stdout": "11 refused\n"}
-- stopped_by: root landlock
-- Files outside, to read, to write, to remove, to name anew.
local refused = 0
local function try(...)
    if not ... then refused = refused + 1 else print("ESCAPED", ...) end
end
for _, name in ipairs { "/etc/passwd", "/proc/self/maps", "/sys/kernel",
                        "../etc/passwd", "/tmp/../../etc/shadow" } do
    try(io.open(name))
end
try(io.open("/x", "w"))
try(io.open("/dev/x", "w"))
try(io.open("/zygote", "a"))
try(os.remove("/zygote"))
try(os.rename("/zygote", "/tmp/z"))
try(loadfile("/etc/passwd"))
print(refused .. " refused")
