# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[5, 18, "use of 'open' is not allowed"]]}
# stopped_by: policy
open = 1
del open
print("ESCAPED", open("/usr/lib/python3.11/os.py").read(10))
