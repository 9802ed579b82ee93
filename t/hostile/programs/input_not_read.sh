# expect: {"status": "completed", "stdout": "7\n", "exit_code": 0}
# stdin: "a\nb\nc\nd\n"
# bounded_by: input that nobody reads is forgotten
exec < /dev/null
echo 7
