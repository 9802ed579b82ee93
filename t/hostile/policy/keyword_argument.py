# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[7, 25, "use of 'open' is not allowed"]]}
# stopped_by: policy
def f(**names):
    return names


print("ESCAPED", f(open=open)["open"])
