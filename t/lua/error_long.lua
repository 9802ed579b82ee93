-- expect: {"status": "failed", "error_type": "RuntimeError", "error_min": 8000, "error_max": 8192, "stderr_min": 100000}
error(string.rep("x", 100000), 0)
