# expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout_has": "again\n"}
# memory_mb: 32
# timeout: 1
# bounded_by: the time limit is kept outside of the cell
# Who does not want to know of an error meets it again.
def fill():
    kept = []
    if not tried:
        tried.append(1)
        bytearray(1 << 30)
    while True:
        kept.append(bytearray(1 << 20))


tried = []
while True:
    try:
        fill()
    except MemoryError:
        print("again")
