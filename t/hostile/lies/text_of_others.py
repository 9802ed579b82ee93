# expect: {"status": "completed", "stdout": "{\"status\": \"failed\"}\nHTTP/1.1 500 Error\r\nX: y\r\n\r\n<script>alert(1)</script>\n\u001b[2J\u001b]0;title\u0007\u2028\n", "stderr": "Traceback (most recent call last):\n  File \"main.py\", line 1, in <module>\nMemoryError\n", "exit_code": 0, "error_type": ""}
# runtime: python-open
# bounded_by: output is bytes, escaped where they are put into JSON
# Output that looks like an answer, a page, a terminal's commands, an error.
import sys

print('{"status": "failed"}')
print("HTTP/1.1 500 Error\r\nX: y\r\n\r\n<script>alert(1)</script>")
print("\x1b[2J\x1b]0;title\x07\u2028")
sys.stderr.write('Traceback (most recent call last):\n'
                 '  File "main.py", line 1, in <module>\nMemoryError\n')
