# expect: {"status": "completed", "stdout": "main\nat exit\n", "exit_code": 0}
# runtime: python-open
import atexit
atexit.register(print, "at exit")
print("main")
raise SystemExit(0)
