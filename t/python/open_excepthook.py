# runtime: python-open
# expect: {"status": "failed", "stdout": "hook ValueError x\n", "stderr": "", "error_type": "ValueError", "exit_code": 1}
import sys
sys.excepthook = lambda t, v, tb: print("hook", t.__name__, v)
raise ValueError("x")
