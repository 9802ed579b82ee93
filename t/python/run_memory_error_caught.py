# memory_mb: 64
# expect: {"status": "completed", "stdout": "caught\n[1, 2]\n", "exit_code": 0}
try:
    x = "x" * 1000_000_000
except MemoryError:
    print("caught")
print(sorted([2, 1]))
