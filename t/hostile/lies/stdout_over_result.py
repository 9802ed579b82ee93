# expect: {"status": "failed", "error_type": "SandboxError", "error": "the program forged its result", "stdout": ""}
# runtime: python-open
# bounded_by: what comes over the result's pipe is a claim or forged
# Text where the claim should be.
import os

os.dup2(4, 1)
print("HTTP/1.1 200 OK")
while True:
    pass
