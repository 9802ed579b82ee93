# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[2, 1, "use of 'eval'"], [3, 10, "attribute '__globals__'"], [4, 8, "import of 'os'"]]}
ｅval("1")
"ž"; len.__globalſ__
import ｏs
