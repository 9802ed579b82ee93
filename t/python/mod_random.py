# expect: {"status": "completed", "stdout": "0.6394267984578837 1 c\n0.13436424411240122 [1, 4, 9] 1.4954350870919408\n[1, 3, 2, 4] ['a', 'a', 'a', 'a', 'a']\n-0.184291 38741 7\n4\n", "exit_code": 0}
import random
from random import Random, choice, randint, shuffle
r = Random(42)
print(r.random(), r.randint(1, 6), r.choice("abc"))
random.seed(1)
print(random.random(), random.sample(range(10), 3), random.uniform(1, 2))
x = [1, 2, 3, 4]
shuffle(x)
print(x, random.choices("ab", weights=[9, 1], k=5))
assert 1 <= randint(1, 6) <= 6 and choice([1]) == 1
print(round(random.gauss(0, 1), 6), random.getrandbits(16), random.randrange(0, 100, 7))
print(len(random.randbytes(4)))
random.seed()
assert random.random() != random.random()
assert 0 <= random.SystemRandom().random() < 1
