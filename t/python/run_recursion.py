# expect: {"status": "failed", "error_type": "RecursionError", "exit_code": 1, "stderr_has": ["[Previous line repeated", "RecursionError: maximum recursion depth exceeded"]}
def f(n):
    return f(n + 1) + 1


f(0)
