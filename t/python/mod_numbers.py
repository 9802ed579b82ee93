# expect: {"status": "completed", "stdout": "ok\n", "exit_code": 0}
import cmath
import math
import random
import statistics
from decimal import (
    ROUND_CEILING, ROUND_HALF_UP, Context, Decimal, DivisionByZero, Inexact,
    InvalidOperation, getcontext, localcontext, setcontext)
from fractions import Fraction

getcontext().prec = 50
assert str(Decimal(2).sqrt()).startswith("1.41421356237309504880168872420969807")
with localcontext() as context:
    context.prec = 5
    assert Decimal(1) / 3 == Decimal("0.33333")
    context.traps[Inexact] = True
    try:
        Decimal(1) / 3
    except Inexact:
        pass
    else:
        assert False
with localcontext(Context(prec=3, rounding=ROUND_CEILING)):
    assert +Decimal("1.001") == Decimal("1.01")
for bad, error in ((lambda: Decimal(1) / 0, DivisionByZero),
                   (lambda: Decimal("x"), InvalidOperation)):
    try:
        bad()
    except error:
        pass
    else:
        assert False, error
assert Decimal("2.675").quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal("2.68")
assert f"{Decimal('1234567.891'):,.2f}" == "1,234,567.89"
assert Decimal("1e-7").normalize().as_tuple().exponent == -7
assert len(str(Decimal(2) ** 1000)) < 60 and Decimal(7) % 4 == 3
setcontext(Context(prec=2000))
assert len(str(Decimal(1) / 7)) == 2002

assert Fraction("0.125") + Fraction(1, 3) == Fraction(11, 24)
assert Fraction(math.pi).limit_denominator(1000) == Fraction(355, 113)
assert math.comb(50, 25) == 126410606437752 and math.isqrt(10**40) == 10**20
assert math.factorial(500) % 10**9 == 0 and math.gcd(12, 18, 27) == 3
assert math.dist((0, 0), (3, 4)) == 5 and math.prod(range(1, 6)) == 120
assert abs(cmath.exp(1j * math.pi) + 1) < 1e-15 and cmath.polar(1j)[0] == 1
assert pow(3, -1, 7) == 5 and (1 << 4000).bit_length() == 4001
assert math.nextafter(1, 2) > 1 and math.ulp(1) > 0 and math.fsum([.1] * 10) == 1

random.seed(7)
first = [random.random() for _ in range(3)]
random.seed(7)
assert first == [random.random() for _ in range(3)]
own = random.Random(7)
assert own.random() == first[0]
for draw in (random.gauss(0, 1), random.expovariate(1), random.betavariate(1, 2),
             random.triangular(), random.paretovariate(1), random.vonmisesvariate(0, 1),
             random.lognormvariate(0, 1), random.gammavariate(1, 1),
             random.weibullvariate(1, 1), random.uniform(1, 2)):
    assert isinstance(draw, float)
assert sorted(random.sample(range(100), 100)) == list(range(100))
assert len(random.choices("ab", weights=[1, 3], k=50)) == 50
deck = list(range(52))
random.shuffle(deck)
assert sorted(deck) == list(range(52)) and len(random.randbytes(9)) == 9
state = random.getstate()
one = random.getrandbits(100)
random.setstate(state)
assert one == random.getrandbits(100)
assert random.SystemRandom().randrange(10) < 10

data = [1, 2, 2, 3, 9]
assert statistics.mean(data) == 3.4 and statistics.median(data) == 2
assert statistics.mode("aab") == "a" and statistics.multimode("aabb") == ["a", "b"]
assert statistics.pstdev([1, 3]) == 1 and statistics.variance([1, 3]) == 2
assert statistics.quantiles(range(1, 100), n=4) == [25, 50, 75]
assert statistics.fmean([1, 2], weights=[3, 1]) == 1.25
assert statistics.harmonic_mean([40, 60]) == 48
assert round(statistics.geometric_mean([2, 8]), 9) == 4
assert statistics.linear_regression([1, 2, 3], [2, 4, 6]).slope == 2
assert round(statistics.correlation([1, 2, 3], [3, 2, 1]), 9) == -1
assert round(statistics.NormalDist(0, 1).cdf(1.96), 3) == 0.975
assert statistics.mean([Fraction(1, 2), Fraction(1, 4)]) == Fraction(3, 8)
print("ok")
