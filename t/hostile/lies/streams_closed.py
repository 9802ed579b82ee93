# expect: {"status": "failed", "stdout": "", "stderr": "", "error_type": "OSError", "exit_code": 1}
# runtime: python-open
# bounded_by: an end of file is no end of a cell
import os

os.close(0)
os.close(1)
os.close(2)
print("nobody hears")
