# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[2, 13, "attribute '__globals__' is not allowed"], [3, 11, "attribute '__subclasses__'"], [4, 32, "attribute '__globals__'"]]}
getattr(len,"__globals__")
hasattr(1,"__subclasses__", )
object.__getattribute__(print, "__globals__")
