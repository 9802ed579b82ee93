# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 29, "attribute '__globals__'"]]}
match print:
    case object(__globals__=g):
        print(g)
