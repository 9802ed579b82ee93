# expect: {"status": "completed", "stdout": "still here\n", "exit_code": 0}
# stopped_by: pid
# Everything that a signal reaches: its own children.
sleep 100 &
kill -KILL -1
echo still here
