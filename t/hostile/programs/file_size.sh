# expect: {"status": "failed", "stdout": "", "exit_code_in": [1, 153]}
# stopped_by: rlimits tmp
head -c 64M /dev/zero > /tmp/large
exit $?
