# expect: {"status": "completed", "stdout": "bounded\n", "stderr_has": "No space left on device", "exit_code": 0}
# stopped_by: tmp
cd /tmp
seq 1 20000 | xargs mkdir || true
[ "$(ls | wc -l)" -lt 17000 ] && echo bounded
