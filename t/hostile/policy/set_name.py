# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[5, 41, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
class Taker:
    def __set_name__(self, owner, name):
        print("ESCAPED", owner.__init__.__globals__)


class C:
    def __init__(self):
        pass

    taker = Taker()
