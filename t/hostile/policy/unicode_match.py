# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 26, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
match print:
    case object(__ｓelf__=module):
        print("ESCAPED", module.open)
