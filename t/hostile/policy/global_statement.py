# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[5, 12, "use of 'open' is not allowed"]]}
# stopped_by: policy
def f():
    global open
    return open("/usr/lib/python3.11/os.py").read(10)


print("ESCAPED", f())
