# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[10, 51, "attribute 'f_globals' is not allowed"]]}
# stopped_by: policy
import json
try:
    json.loads("{")
except ValueError as e:
    tb = getattr(e, "__trace" + "back__")
    while getattr(tb, "tb_ne" + "xt"):
        tb = getattr(tb, "tb_ne" + "xt")
    print("ESCAPED", getattr(tb, "tb_fr" + "ame").f_globals)
