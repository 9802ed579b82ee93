# expect: {"status": "failed", "error_type": "SandboxError", "error": "the program forged its result"}
# runtime: python-open
# bounded_by: a stream that cannot be read on is not read on
# Eleven bytes of nothing: the runtime's own claim is then out of step.
import os

os.write(4, bytes(11))
