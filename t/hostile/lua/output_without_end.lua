-- expect: {"status": "failed", "error_type": "TimeoutError", "stdout_truncated": true, "stdout_max": 1048576}
-- timeout: 1
-- bounded_by: what is kept of a stream
while true do print(("x"):rep(1000)) end
