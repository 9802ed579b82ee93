# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 2, "use of 'eval' is not allowed"]]}
# stopped_by: policy
@eval
@(lambda c: "print('ESCAPED', __import__('os').getpid())")
class C:
    pass
