-- expect: {"status": "failed", "stdout": "line\npart", "error_type": "TimeoutError"}
-- timeout: 1
print("line")
io.write("part")
while true do end
