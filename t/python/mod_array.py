# expect: {"status": "completed", "stdout": "array('i', [1, 2, 3, 4]) i 4 10 [1, 2, 3, 4] array('i', [2, 3])\nbBuhHiIlLqQfd 000000000000f83f array('u', 'xy')\n1 1 3 4\n", "exit_code": 0}
import array
from array import array as Array
a = Array("i", [1, 2, 3])
a.append(4)
print(a, a.typecode, a.itemsize, sum(a), a.tolist(), a[1:3])
print(array.typecodes, Array("d", [1.5]).tobytes().hex(), Array("u", "xy"))
a.reverse()
print(a.index(3), a.pop(), len(a), memoryview(a)[0])
