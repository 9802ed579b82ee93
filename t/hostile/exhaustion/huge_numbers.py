# expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout": "ValueError\n"}
# timeout: 1
# bounded_by: the time limit is kept outside of the cell
# In C code that looks for no signal; and its text, which has a limit.
n = 3 ** 100_000
try:
    str(n)
except ValueError as e:
    print(type(e).__name__)
print(3 ** 10_000_000 % 10 ** 100)
n = 3 ** 30_000_000 * 7 ** 20_000_000
print("ESCAPED")
