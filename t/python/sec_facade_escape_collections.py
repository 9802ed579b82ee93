# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 7, "'_sys' of module 'collections'"]]}
import collections as c
print(c._sys.modules["os"])
