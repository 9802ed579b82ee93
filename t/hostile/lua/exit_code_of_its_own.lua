-- expect: {"status": "failed", "exit_code": 255, "stdout": "", "error_type": null}
-- bounded_by: a number
os.exit(-1)
