# memory_mb: 64
# expect: {"status": "failed", "error_type": "MemoryError", "exit_code": 1, "stdout": "start\n", "stderr_has": ["File \"main.py\", line", "MemoryError"]}
print("start")
x = []
while True:
    x.append([None] * 8)
