# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[10, 29, "attribute '__self__' is not allowed"]]}
# stopped_by: policy
class File:
    def write(self, text):
        self.text = text


file = File()
print("harmless", file=file)
print("ESCAPED", file.write.__self__)
