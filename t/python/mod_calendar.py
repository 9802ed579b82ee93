# expect: {"status": "completed", "stdout": "   February 2024\nMo Tu We Th Fr Sa Su\n          1  2  3  4\n 5  6  7  8  9 10 11\n12 13 14 15 16 17 18\n19 20 21 22 23 24 25\n26 27 28 29\n\nTrue (2, 28) 0\nJanuary Mon 0\n[1, 2, 3, 4, 5, 6, 7] 86400\nMon Tue Wed Thu Fri Sat Sun 6\n", "exit_code": 0}
import calendar
print(calendar.month(2024, 2))
print(calendar.isleap(2000), calendar.monthrange(2023, 2), calendar.weekday(2024, 1, 1))
print(calendar.month_name[1], calendar.day_abbr[0], calendar.MONDAY)
print(calendar.Calendar(6).monthdayscalendar(2024, 9)[0], calendar.timegm((1970, 1, 2, 0, 0, 0)))
print(calendar.TextCalendar().formatweekheader(3), calendar.leapdays(2000, 2024))
