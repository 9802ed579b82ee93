# expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout": "begun"}
# timeout: 1
# bounded_by: the time limit is kept outside of the cell
# The unfinished line is not lost.
print("begun", end="")
sum(range(10 ** 12))
