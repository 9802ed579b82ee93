# runtime: python-open
# expect: {"status": "failed", "stderr_has": ["Error in sys.excepthook:", "KeyError: 1", "Original exception was:", "ValueError: x"], "error_type": "ValueError", "exit_code": 1}
import sys
sys.excepthook = lambda t, v, tb: {}[1]
raise ValueError("x")
