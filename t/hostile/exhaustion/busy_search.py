# expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout": ""}
# timeout: 1
# bounded_by: the time limit is kept outside of the cell
# Differences of texts, quadratic and more.
a = "ab" * (1 << 20)
while True:
    (a + "c").count("ab" * (1 << 10) + "c")
    a.replace("a", "aa").split("b")
