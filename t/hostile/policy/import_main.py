# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 8, "import of '__main__' is not allowed"], [4, 27, "attribute '__builtins__' is not allowed"]]}
# stopped_by: policy
import __main__
print("ESCAPED", __main__.__builtins__)
