# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 5, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
try:
    ("{0.__glob" + "als__[nothing]}").format(lambda: 0)
except KeyError as e:
    print("ESCAPED", e)
