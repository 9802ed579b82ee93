# expect: {"status": "completed", "stdout": "1970-01-01 00:00:00 2\n61\nThu Jan  1 00:00:00 1970 True\n", "exit_code": 0}
import time
a = time.perf_counter()
time.sleep(0.01)
b = time.perf_counter()
assert 0.009 < b - a < 10
assert time.time() > 1.7e9 and time.monotonic() > 0 and time.process_time() >= 0
assert time.time_ns() > 1e18 and time.perf_counter_ns() > 0
print(time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(0)), time.gmtime(86400).tm_mday)
print(time.strptime("2024-03-01", "%Y-%m-%d").tm_yday)
assert time.mktime(time.localtime(1e9)) == 1e9
print(time.asctime(time.gmtime(0)), isinstance(time.localtime(), time.struct_time))
