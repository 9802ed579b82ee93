# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[7, 38, "attribute '__func__' is not allowed"], [7, 47, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import json


def encode(self, value, **rest):
    print("ESCAPED", self.iterencode.__func__.__globals__["c_make_encoder"])


json.JSONEncoder.encode = encode
json.dumps([1], indent=1)
