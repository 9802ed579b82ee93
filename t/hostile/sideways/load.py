# expect: {"status": "completed", "stdout": "processors True\nuptime True\nmemory True\n", "exit_code": 0}
# runtime: python-open
# bounded_by: load is all there is to see
# What the machine tells everybody: how many processors, since when, how much
# memory is free, how busy it is.  Of other jobs it is the sum, without names.
import ctypes
import os
import time

numbers = (ctypes.c_long * 20)()
ctypes.CDLL(None).sysinfo(numbers)
print("processors", 0 < len(os.sched_getaffinity(0)) <= os.cpu_count())
print("uptime", abs(numbers[0] - time.clock_gettime(time.CLOCK_BOOTTIME)) < 60)
print("memory", 0 < numbers[5] <= numbers[4])
