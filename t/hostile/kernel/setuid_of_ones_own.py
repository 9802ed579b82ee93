# expect: {"status": "completed", "stdout": "0o4755 EPERM\n"}
# runtime: python-open
# stopped_by: seccomp
# A setuid file is soon made; nothing runs it.
import errno
import os

open("/tmp/su", "w").write("#!/zygote\n")
os.chmod("/tmp/su", 0o4755)
mode = oct(os.stat("/tmp/su").st_mode & 0o7777)
try:
    os.execve("/tmp/su", ["su"], {})
except OSError as e:
    print(mode, errno.errorcode[e.errno])
