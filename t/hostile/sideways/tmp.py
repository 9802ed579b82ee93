# expect: {"status": "completed", "stdout": "[]\nall is free\nmine\n", "exit_code": 0}
# runtime: python-open
# stopped_by: tmp
# /tmp is new and empty, and nobody else's.
import os

print(os.listdir("/tmp"))
fs = os.statvfs("/tmp")
print("all is free" if fs.f_bfree == fs.f_blocks
      and fs.f_ffree + 1 == fs.f_files else fs)
open("/tmp/left", "w").write("cr-hostile-marker" * 1000)
print("mine" if os.stat("/tmp").st_uid == os.getuid() else "ESCAPED")
