# expect: {"status": "completed", "stdout": "fresh\n", "exit_code": 0}
# runtime: python-open
# bounded_by: every cell is seeded anew
# Not those of a well-known seed, nor of the zygote's own.
import random
import uuid

first = random.random()
seeds = set()
for seed in range(1000):
    random.seed(seed)
    seeds.add(random.random())
print("fresh" if first not in seeds and len({uuid.uuid4() for _ in range(9)})
      == 9 else "ESCAPED")
