# expect: {"status": "failed", "error_type_in": ["MemoryError", "TimeoutError"], "stdout": "MemoryError\n"}
# memory_mb: 64
# timeout: 1
# bounded_by: no machine has so much, and the time limit is kept outside
# As many digits as there may be, then as many as there is room for.
import decimal

context = decimal.getcontext()
context.prec = decimal.MAX_PREC
try:
    decimal.Decimal(1) / 3
    print("ESCAPED")
except MemoryError as e:
    print(type(e).__name__)
context.prec = 2_000_000
decimal.Decimal(2).sqrt().ln()
