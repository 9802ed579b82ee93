# expect: {"status": "completed", "stdout": "ValueError\nloads ends\n"}
# runtime: python-open
# bounded_by: the interpreter counts how deep it is
# Nested data out, and nested data in that nobody wrote.
import marshal

deep = []
for _ in range(100_000):
    deep = [deep]
try:
    marshal.dumps(deep)
    print("ESCAPED")
except ValueError as e:
    print(type(e).__name__)
try:
    marshal.loads(b"(\x01\0\0\0" * 100_000)
except (ValueError, EOFError):
    pass
print("loads ends")
