-- expect: {"status": "failed", "stdout": "buffered", "exit_code": 3, "error_type": null, "stderr": ""}
io.stdout:setvbuf("full")
io.write("buffered")
os.exit(3)
