# expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true}
# timeout: 2
# bounded_by: their number, and the end of the pid namespace
:() { : | : & }
:
while :; do sleep 1; done
