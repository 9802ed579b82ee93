# expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout": ""}
# runtime: python-open
# timeout: 1
# bounded_by: the time limit is kept outside of the cell
import sys

sys.set_int_max_str_digits(0)
str(3 ** 5_000_000)
