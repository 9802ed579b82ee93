# expect: {"status": "failed", "stdout": "begun\n", "error_type_in": ["MemoryError", "TimeoutError"]}
# memory_mb: 64
# timeout: 1
# bounded_by: the compiler leaves large constants alone
# Constants that a compiler may not compute.
print("begun")
x = 9 ** 9 ** 9 ** 9
