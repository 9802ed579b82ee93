# expect: {"status": "completed", "stdout": "126\n", "exit_code": 0}
# runtime: bash
# bounded_by: no program of /tmp is executed, nor a script of it
printf '#!/tmp/loop\n' > /tmp/loop
chmod 755 /tmp/loop
/tmp/loop 2>/dev/null
echo $?
