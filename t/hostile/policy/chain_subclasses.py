# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 23, "attribute '__base__' is not allowed"], [3, 32, "attribute '__subclasses__' is not allowed"], [5, 37, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
for c in ().__class__.__base__.__subclasses__():
    if c.__name__ == "Quitter":
        print("ESCAPED", c.__init__.__globals__["sys"].modules["os"].getpid())
