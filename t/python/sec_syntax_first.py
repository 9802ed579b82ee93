# expect: {"status": "failed", "error_type": "SyntaxError", "stdout": ""}
import os
x = (
