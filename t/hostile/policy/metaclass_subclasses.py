# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[7, 23, "attribute '__subclasses__' is not allowed"]]}
# stopped_by: policy
class Meta(type):
    pass


print("ESCAPED", Meta.__subclasses__(object))
