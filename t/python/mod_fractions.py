# expect: {"status": "completed", "stdout": "1/2 1/8 1/2\n16/5 3 0.25\n3 25/12\n-1/2 True True\n", "exit_code": 0}
import fractions
from fractions import Fraction
print(Fraction(1, 3) + Fraction(1, 6), Fraction("0.125"), Fraction(0.5))
print(Fraction(22, 7).limit_denominator(5), Fraction(7, 2) // 1, float(Fraction(1, 4)))
print(Fraction(3, 4).numerator, sum([Fraction(1, n) for n in range(1, 5)]))
print(fractions.Fraction(-3, 6), Fraction(1, 3) < Fraction(1, 2), Fraction(4, 2) == 2)
