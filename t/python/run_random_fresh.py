# expect: {"status": "completed", "stdout": "True\n"}
import random
print(random.random() not in (0.5714025946899135, 0.13436424411240122))
