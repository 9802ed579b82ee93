# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 15, "attribute '__self__' is not allowed"], [4, 17, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
x = 1if print.__self__ else 2
y = 0xfor print.__self__
print("ESCAPED", x)
