# expect: {"status": "completed", "stdout": "2 1 4\n[1, 3, 4, 5, 7] 1\n", "exit_code": 0}
import bisect
from bisect import bisect_left, insort
x = [1, 3, 5, 7]
print(bisect.bisect(x, 3), bisect_left(x, 3), bisect.bisect_right(x, 9))
insort(x, 4)
print(x, bisect.bisect_left(["a", "bb"], 2, key=len))
