# expect: {"status": "completed", "stdout": "2432902008176640000 120 20\n6 12 9\n-2 2 -1\n3.141593 2.718282 6.283185\n24 1.0\n0.841470985 3.321928095 5.0\nTrue True 5.0\nmath domain error\n", "exit_code": 0}
import math
assert math.isclose(math.sqrt(2) ** 2, 2)
print(math.factorial(20), math.comb(10, 3), math.perm(5, 2))
print(math.gcd(12, 18), math.lcm(4, 6), math.isqrt(99))
print(math.floor(-1.5), math.ceil(1.2), math.trunc(-1.7))
print(f"{math.pi:.6f} {math.e:.6f} {math.tau:.6f}")
print(math.prod([1, 2, 3, 4]), math.fsum([0.1] * 10))
print(round(math.sin(1), 9), round(math.log(10, 2), 9), math.hypot(3, 4))
print(math.inf > 10 ** 308, math.isnan(math.nan), math.dist((0, 0), (3, 4)))
try:
    math.sqrt(-1)
except ValueError as e:
    print(e)
