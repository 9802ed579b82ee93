# expect: {"status": "completed", "stdout": "[10, 15, 20] [1, 3, 6]\n[1, 'a', 'b'] [1, 2]\n[('a', 2), ('b', 3)]\n[('a', 'a'), ('a', 'b')] 24\n[('a', 'b'), ('a', 'c'), ('b', 'c')]\n[(1, 3), (2, 0)]\n[(1, 2), (2, 3)] [0, 1, 2]\n[1, 2] [1, 2] ['a', 'c']\n[8, 9] [0, 0]\n", "exit_code": 0}
import itertools
from itertools import accumulate, chain, groupby, islice, product
print(list(islice(itertools.count(10, 5), 3)), list(accumulate([1, 2, 3])))
print(list(chain([1], "ab")), list(chain.from_iterable([[1], [2]])))
print([(k, len(list(g))) for k, g in groupby("aabbb")])
print(list(product("ab", repeat=2))[:2], len(list(itertools.permutations(range(4)))))
print(list(itertools.combinations("abc", 2)))
print(list(itertools.zip_longest([1, 2], [3], fillvalue=0)))
print(list(itertools.pairwise([1, 2, 3])), list(itertools.takewhile(lambda x: x < 3, range(9))))
a, b = itertools.tee([1, 2])
print(list(a), list(b), list(itertools.compress("abc", [1, 0, 1])))
print(list(itertools.starmap(pow, [(2, 3), (3, 2)])), list(itertools.repeat(0, 2)))
