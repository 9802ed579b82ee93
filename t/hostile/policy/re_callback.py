# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 61, "attribute '__base__' is not allowed"], [5, 36, "attribute '__subclasses__' is not allowed"]]}
# stopped_by: policy
import re
print(re.sub("a", lambda m: print("ESCAPED", m.re.__class__.__base__
                                  .__subclasses__()), "a"))
