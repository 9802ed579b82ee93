-- expect: {"status": "failed", "exit_code": 1, "error_type": null}
os.exit(false)
