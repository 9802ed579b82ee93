# expect: {"status": "completed", "stdout": "2024-02-29 13:05:07 2024-02-29T13:05:07 Thursday 29 February 2024 13:05:07 060\n2023-12-31 23:59:00\n2024-03-02 01:05:07 59\n0 datetime.IsoCalendarDate(year=2024, week=19, weekday=1)\n2024-01-01T00:00:00+00:00 2024-01-01T02:00:00+02:00\n1970-01-01 00:00:00+00:00 1704067200.0\n05:02:03 1:01:01\n1 9999 9999-12-31\n", "exit_code": 0}
import datetime
from datetime import date, time, timedelta, timezone
d = datetime.datetime(2024, 2, 29, 13, 5, 7)
print(d, d.isoformat(), d.strftime("%A %d %B %Y %H:%M:%S %j"))
print(datetime.datetime.strptime("2023-12-31 23:59", "%Y-%m-%d %H:%M"))
print(d + timedelta(days=1, hours=12), (d - datetime.datetime(2024, 1, 1)).days)
print(date(2024, 1, 1).weekday(), date.fromisoformat("2024-05-06").isocalendar())
u = datetime.datetime(2024, 1, 1, tzinfo=timezone.utc)
print(u.isoformat(), u.astimezone(timezone(timedelta(hours=2))).isoformat())
print(datetime.datetime.fromtimestamp(0, timezone.utc), u.timestamp())
print(time(1, 2, 3).replace(hour=5), timedelta(seconds=3661))
assert datetime.datetime.now() > d and date.today().year >= 2024
assert datetime.datetime.now(datetime.UTC).tzinfo is timezone.utc
print(datetime.MINYEAR, datetime.MAXYEAR, date.max)
