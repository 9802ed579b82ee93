# expect: {"status": "completed", "exit_code": 0, "memory_peak_bytes_min": 30000000}
# runtime: python-open
# bounded_by: memory is the kernel's word
# Memory that was given back before the end.
block = bytearray(b"x" * (40 << 20))
del block
