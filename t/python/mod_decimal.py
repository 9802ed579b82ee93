# expect: {"status": "completed", "stdout": "0.3 0.3333333333333333333333333333\n1.4142135623730950488016887242096980785696718753769\n0.14286\n2.68\nzero True\ninvalid\n1E+3 1,234.50 DecimalTuple(sign=0, digits=(3,), exponent=0)\n", "exit_code": 0}
import decimal
from decimal import ROUND_HALF_UP, Decimal, getcontext, localcontext
print(Decimal("0.1") + Decimal("0.2"), Decimal(1) / Decimal(3))
getcontext().prec = 50
print(Decimal(2).sqrt())
with localcontext() as c:
    c.prec = 5
    print(Decimal(1) / 7)
print(Decimal("2.675").quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))
try:
    Decimal(1) / 0
except decimal.DivisionByZero as e:
    print("zero", isinstance(e, ZeroDivisionError))
try:
    Decimal("x")
except decimal.InvalidOperation:
    print("invalid")
print(Decimal("1E+3").normalize(), f"{Decimal('1234.5'):,.2f}", Decimal(3).as_tuple())
