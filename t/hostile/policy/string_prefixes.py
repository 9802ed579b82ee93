# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 46, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
x = rb"'"; y = Rb'"'; print(f"ESCAPED {print.__self__}", u"", bR"")
