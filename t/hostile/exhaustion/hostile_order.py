# expect: {"status": "completed", "stdout": "ValueError\nsorted\n"}
# bounded_by: the interpreter bears with it
# A list that is changed by what it is sorted by, and an order that is none.
import random


class Odd:
    def __lt__(self, other):
        values.append(other)
        return random.random() < 0.5


values = [Odd() for _ in range(100)]
try:
    values.sort()
except ValueError as e:
    print(type(e).__name__)


class Wild:
    def __lt__(self, other):
        return random.random() < 0.5


sorted(Wild() for _ in range(10_000))
print("sorted")
