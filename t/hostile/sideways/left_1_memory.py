# expect: {"status": "completed", "stdout": "left\n", "exit_code": 0}
# runtime: python-open
# bounded_by: a cell is used once
# A mark all over its memory, for the next to find.
kept = [bytearray(b"cr-hostile-left" * 100) for _ in range(10_000)]
text = ["cr-hostile-left" + str(i) for i in range(100_000)]
import sys
sys.kept = kept
print("left")
