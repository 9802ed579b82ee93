# expect: {"status": "failed", "error_type": "Bad", "error": "", "stderr_has": ["main.py", "Bad: <exception str() failed>"], "exit_code": 1}
class Bad(Exception):
    def __str__(self):
        raise ValueError("no text")


raise Bad
