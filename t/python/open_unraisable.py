# runtime: python-open
# expect: {"status": "completed", "stdout": "on\n", "stderr_has": ["Exception ignored in: <function A.__del__", "File \"main.py\", line 5, in __del__\n    raise ValueError(\"d\")\n", "ValueError: d"]}
class A:
    def __del__(self):
        raise ValueError("d")


A()
print("on")
