# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[5, 32, "attribute '__globals__' is not allowed"]]}
# stopped_by: policy
import calendar
c = calendar.LocaleTextCalendar(locale="/usr/lib/python3.11")
print("ESCAPED", c.formatmonth.__globals__)
