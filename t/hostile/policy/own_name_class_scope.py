# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[8, 1, "use of 'exec' is not allowed"]]}
# stopped_by: policy
class C:
    exec = None
    taken = [exec for _ in [1]]


C.taken[0]("print('ESCAPED')")
