# expect: {"status": "completed", "stdout": "gone 1\nend\ngone 2\n", "exit_code": 0}
class A:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("gone", self.n)


a = A(1)
b = A(2)
b.me = b
del a
print("end")
