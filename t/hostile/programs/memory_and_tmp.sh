# expect: {"status": "failed", "stdout": "16777216 at most\n", "stderr_has": "No space left on device", "exit_code": 3}
# stopped_by: tmp rlimits
# The folder fills up; what is in it counts as memory.
for i in 1 2 3 4 5 6 7 8; do head -c 8M /dev/zero > /tmp/$i; done
size=$(du -sb /tmp/? | awk '{ n += $1 } END { print n }')
[ "$size" -le 16777216 ] && echo 16777216 at most
exit 3
