# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[7, 18, "use of 'globals' is not allowed"]]}
# stopped_by: policy
def f(open, eval, exec, compile, globals, locals):
    pass


print("ESCAPED", globals()["__builtins__"], locals(), eval("1"))
