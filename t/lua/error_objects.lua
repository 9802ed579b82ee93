-- expect: {"status": "failed", "error_type": "RuntimeError", "error": "(error object is a table value)", "stderr_has": "lua: (error object is a table value)\nstack traceback:\n"}
print(pcall(error, { 1 }))
print(select(2, pcall(error)))
error({ 2 })
