# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 50, "attribute '__self__' is not allowed"], [3, 59, "attribute '__subclasses__' is not allowed"]]}
# stopped_by: policy
print("ESCAPED", SecurityError.__init_subclass__.__self__.__subclasses__())
