# expect: {"status": "completed", "stdout_has": "end\n", "exit_code": 0}
# bounded_by: what is collected twice says good-bye once
# Objects that come back when they are deleted.
import itertools

back = []
count = itertools.count()


class Undead:
    def __del__(self):
        back.append(self)
        next(count)


for _ in range(1000):
    Undead()
    back.clear()
a, b = Undead(), Undead()
a.other, b.other = b, a
del a, b
print("end")
