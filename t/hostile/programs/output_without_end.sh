# expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout_max": 1048576, "stderr_max": 1048576}
# timeout: 1
# bounded_by: output beyond its limit is read and forgotten
yes 'to stdout' &
yes 'to stderr' >&2 &
wait
