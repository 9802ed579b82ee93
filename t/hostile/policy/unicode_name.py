# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 18, "use of 'open' is not allowed"]]}
# stopped_by: policy
print("ESCAPED", 𝓸pen("/usr/lib/python3.11/os.py").read(10))
