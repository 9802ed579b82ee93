# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[11, 3, "attribute '__bases__' is not allowed"], [12, 20, "attribute '__bases__' is not allowed"]]}
# stopped_by: policy
class A:
    pass


class B(A):
    pass


B.__bases__ = (type(print),)
print("ESCAPED", B.__bases__)
