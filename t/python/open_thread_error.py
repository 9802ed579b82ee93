# expect: {"status": "completed", "stdout": "main\n", "exit_code": 0, "stderr": "Exception in thread worker:\nTraceback (most recent call last):\n  File \"/usr/lib/python3.11/threading.py\", line 1038, in _bootstrap_inner\n    self.run()\n  File \"/usr/lib/python3.11/threading.py\", line 975, in run\n    self._target(*self._args, **self._kwargs)\n  File \"main.py\", line 7, in work\n    [][1]\n    ~~^^^\nIndexError: list index out of range\n"}
# runtime: python-open
import threading


def work():
    [][1]


t = threading.Thread(target=work, name="worker")
t.start()
t.join()
print("main")
