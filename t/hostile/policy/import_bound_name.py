# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[7, 5, "use of '__import__' is not allowed"], [8, 18, "use of '__import__' is not allowed"]]}
# stopped_by: policy
def __import__(name):
    return name


del __import__
print("ESCAPED", __import__("os").getpid())
