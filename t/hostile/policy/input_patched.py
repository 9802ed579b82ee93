# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[5, 18, "use of 'eval' is not allowed"]]}
# stdin: "__import__('os').getpid()"
# stopped_by: policy
text = input()
print("ESCAPED", eval(text))
