# expect: {"status": "completed", "stdout": "nosuid True\nnodev True\nnoexec True\nsize 16777216\ninodes 4096\nmode 0o40700\n"}
# runtime: python-open
# stopped_by: tmp
# /tmp is small, and nothing in it can be run.
import os

fs = os.statvfs("/tmp")
for name in ("nosuid", "nodev", "noexec"):
    print(name, bool(fs.f_flag & getattr(os, "ST_" + name.upper())))
print("size", fs.f_blocks * fs.f_frsize)
print("inodes", fs.f_files)
print("mode", oct(os.stat("/tmp").st_mode))
