# expect: {"status": "completed", "stdout": "OSError\nMemoryError\n", "exit_code": 0}
# runtime: python-open
# bounded_by: limits can only be lowered
# A program that leaves itself nothing still comes to its end.
import resource

resource.setrlimit(resource.RLIMIT_NOFILE, (5, 5))
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
try:
    open("/tmp/a", "w")
except OSError as e:
    print(type(e).__name__)
resource.setrlimit(resource.RLIMIT_AS, (1, 1))
try:
    bytearray(1 << 26)
except MemoryError as e:
    print(type(e).__name__)
