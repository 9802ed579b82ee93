# expect: {"status": "failed", "error_type": "ValueError", "stdout": "", "error_has": "Type names and field names must be valid identifiers: \"x=print('ESCAPED')\""}
# stopped_by: policy
import collections
collections.namedtuple("T", ["x=print('ESCAPED')"])
