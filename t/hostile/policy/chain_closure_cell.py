# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[8, 15, "attribute '__closure__' is not allowed"]]}
# stopped_by: policy
def outer():
    x = "ESCAPED"
    return lambda: x


print(outer().__closure__[0].cell_contents)
