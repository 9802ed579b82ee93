-- expect: {"status": "failed", "error_type": "RuntimeError", "error": "(error object is a nil value)"}
error(nil)
