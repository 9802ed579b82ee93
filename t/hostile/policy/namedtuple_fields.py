# expect: {"status": "failed", "error_type": "ValueError", "stdout": "", "error_has": "Type names and field names must be valid identifiers: \"x=print('ESCAPED')\""}
# bounded_by: the library's own check of names
import collections
collections.namedtuple("T", ["x=print('ESCAPED')"])
