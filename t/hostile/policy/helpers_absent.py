# expect: {"status": "failed", "error_type": "NameError", "stdout": "", "error_has": "name 'breakpoint' is not defined"}
# stopped_by: policy
for name in ("breakpoint", "help", "license", "credits"):
    try:
        print("ESCAPED", {"a": name}[0])
    except KeyError:
        pass
print("ESCAPED", breakpoint)
