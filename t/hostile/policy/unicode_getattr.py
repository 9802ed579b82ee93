# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[3, 18, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
print("ESCAPED", getattr(print, "__\N{LATIN SMALL LETTER S}elf__").open)
