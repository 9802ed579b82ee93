# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[9, 25, "attribute 'cr_frame' is not allowed"], [9, 34, "attribute 'f_builtins' is not allowed"]]}
# stopped_by: policy
async def c():
    pass


co = c()
try:
    print("ESCAPED", co.cr_frame.f_builtins)
finally:
    co.close()
