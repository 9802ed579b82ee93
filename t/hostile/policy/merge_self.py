# expect: {"status": "failed", "error_type": "AttributeError", "stdout": "\n", "error_has": "__self__"}
# stopped_by: policy
import heapq


class Endless:
    __next__ = print

    def __iter__(self):
        return self


print("ESCAPED", list(heapq.merge(Endless())))
