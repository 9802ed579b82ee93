# expect: {"status": "completed", "stdout": "ok\n", "exit_code": 0}
import calendar
import time
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

d = datetime(2024, 2, 29, 13, 5, 7, 123456, timezone(timedelta(hours=-5)))
for form in ("%Y-%m-%d %H:%M:%S.%f %z", "%A %d %B %Y %I:%M:%S.%f %p %z",
             "%a %b %d %H:%M:%S.%f %Y %z", "%j %y %H%M%S%f%z",
             "%G-W%V-%u %H:%M:%S.%f%z", "%d/%m/%y %H:%M:%S.%f %z"):
    assert datetime.strptime(d.strftime(form), form) == d, form
assert datetime.strptime("1 jan 70", "%d %b %y").year == 1970
assert d.strftime("%c|%x|%X|%U|%W|%%|%Z") == \
    "Thu Feb 29 13:05:07 2024|02/29/24|13:05:07|08|09|%|UTC-05:00"
for text in "2024-13-01", "x", "2024-01-01 ":
    try:
        datetime.strptime(text, "%Y-%m-%d")
    except ValueError as e:
        assert "does not match" in str(e) or "unconverted" in str(e)
    else:
        assert False, text

assert datetime.fromisoformat("2024-02-29T13:05:07.123456-05:00") == d
assert datetime.fromisoformat("20240229T180507.123456Z") == d
assert date.fromisoformat("2024-W09-4") == d.date()
assert d.astimezone(UTC).isoformat(timespec="minutes") == \
    "2024-02-29T18:05+00:00"
assert (d - timedelta(days=365)).date() == date(2023, 3, 1)
assert timedelta(1) / timedelta(hours=1) == 24
assert divmod(timedelta(minutes=90), timedelta(hours=1))[0] == 1
assert sorted({d, d.replace(fold=1), d + timedelta.resolution})[0] == d
assert f"{d:%H:%M}" == "13:05" and d.ctime() and d.timetuple().tm_yday == 60


class Zone(tzinfo):
    def utcoffset(self, when):
        return timedelta(hours=2)

    def dst(self, when):
        return timedelta(hours=1)

    def tzname(self, when):
        return "Z"


assert d.astimezone(Zone()).hour == 20 and d.astimezone(Zone()).tzname() == "Z"
try:
    d < d.replace(tzinfo=None)
except TypeError:
    pass

assert calendar.monthrange(2024, 2) == (3, 29) and calendar.isleap(2024)
assert calendar.timegm((1970, 1, 2, 0, 0, 0)) == 86400
assert calendar.month(2024, 2).splitlines()[2].split() == ["1", "2", "3", "4"]
assert "<table" in calendar.HTMLCalendar().formatmonth(2024, 2)
assert len(calendar.calendar(2024).splitlines()) > 30
assert [w[0] for w in calendar.Calendar(6).monthdayscalendar(2024, 2)] == [
    0, 4, 11, 18, 25]
assert calendar.day_name[0] == "Monday" and list(calendar.month_abbr)[1] == "Jan"

assert time.strftime("%Y", time.gmtime(0)) == "1970"
assert time.strptime("12:30", "%H:%M").tm_min == 30
assert time.mktime(time.localtime(10**9)) == 10**9
assert time.perf_counter() <= time.perf_counter() and time.time() > 1.7e9
print("ok")
