# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 8, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
@print.__self__.exec
class C:
    pass


print("ESCAPED")
