# expect: {"status": "completed", "stdout": "a\ufffd\ufffdb\u0000c\ufffd\ufffd\ufffd\n", "stderr": "\ufffd", "exit_code": 0}
# runtime: python-open
# bounded_by: what is no UTF-8 becomes U+FFFD
import os

os.write(1, b"a\xff\xfeb\0c\xed\xa0\x80\n")
os.write(2, b"\xf0")
