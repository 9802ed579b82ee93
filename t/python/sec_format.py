# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[2, 7, "attribute '__globals__'"], [3, 5, "attribute '__subclasses__'"]]}
print("{0.__init__.__globals__}".format(print))
s = "{x.__subclasses__}"
print(s.format_map({"x": 1}))
