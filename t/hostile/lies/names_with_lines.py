# expect: {"status": "failed", "error_type": "SandboxError", "error": "the program's report cannot be read", "stderr_has": "raise type("}
# runtime: python-open
# bounded_by: an error's name is checked for lines' ends
# An exception whose name has a line's end in it.
raise type("E\r\nX: y", (Exception,), {})("text")
