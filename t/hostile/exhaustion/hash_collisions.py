# expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout": "begun\n"}
# timeout: 1
# bounded_by: the time limit is kept outside of the cell
# Numbers that all have one hash.
import itertools

print("begun")
d = {}
for i in itertools.count():
    d[i * (2 ** 61 - 1)] = i
