# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 12, "import of 'os' is not allowed"]]}
# stopped_by: policy
class C:
    import os as path


print("ESCAPED", C.path)
