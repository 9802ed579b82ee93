# expect: {"status": "failed", "error_type": "TypeError", "stdout": "", "error_has": "Type names and field names must be strings"}
# bounded_by: the library's own check of names
import collections


class Liar(str):
    def isidentifier(self):
        return True

    def __str__(self):
        return self


collections.namedtuple("T", [
    Liar("x=print('ESCAPED', ().__class__)")])
