-- expect: {"status": "completed", "stdout": "", "exit_code": 0}
os.exit(true)
