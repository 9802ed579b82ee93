# expect: {"status": "completed", "stdout": "5\n", "exit_code": 0}
# runtime: python-open
# bounded_by: a cell is its own process and used once
# Four becomes five; the next program counts as ever.
import ctypes

ctypes.c_uint32.from_address(id(4) + 24).value = 5
print(2 * 2)
