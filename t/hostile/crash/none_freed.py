# expect: {"status": "failed", "exit_code": 134, "stdout": "before\n"}
# runtime: python-open
# bounded_by: a cell is its own process and used once
import ctypes

print("before")
ctypes.c_ssize_t.from_address(id(None)).value = 1
for _ in range(10):
    ctypes.pythonapi.Py_DecRef(ctypes.py_object(None))
