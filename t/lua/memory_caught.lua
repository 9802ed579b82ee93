-- expect: {"status": "completed", "stdout": "false\tnot enough memory\ntrue\n"}
-- memory_mb: 64
print(pcall(string.rep, "x", 1 << 30))
print(pcall(string.rep, "x", 1 << 20) == true)
