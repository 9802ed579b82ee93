# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[8, 29, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
f = type(lambda: 0)
try:
    print(f("print('ESCAPED')", {}))
except TypeError as e:
    print(e)
print("ESCAPED", getattr(f, "__globals__"))
