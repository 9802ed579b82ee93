# expect: {"status": "failed", "error_type": "E??X: y", "error": "text", "stderr_has": "raise type("}
# runtime: python-open
# bounded_by: an error's name is one line's part
# An exception whose name has a line's end in it.
raise type("E\r\nX: y", (Exception,), {})("text")
