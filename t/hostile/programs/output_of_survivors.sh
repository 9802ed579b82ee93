# expect: {"status": "completed", "stdout_max": 1048576, "exit_code": 0}
# bounded_by: what a program leaves behind ends with it
for i in 1 2 3 4 5 6 7 8; do (trap '' TERM HUP INT; yes "$i") & done
sleep 0.2
exit 0
