# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[14, 21, "attribute '__self__' is not allowed"], [14, 70, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
import copy
import json


class Memo(dict):
    def __setitem__(self, key, value):
        print("copied", type(value).__name__)
        super().__setitem__(key, value)


copy.deepcopy([json.dumps, json.JSONEncoder().encode], Memo())
print("ESCAPED", [v.__self__ for v in Memo().values()] or json.dumps.__self__)
