# expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout": "", "cpu_time_ms_max": 900}
# timeout: 1
# stopped_by: timer
sleep 3
