-- expect: {"status": "failed", "error_type": "RuntimeError", "error": "42"}
error(42)
