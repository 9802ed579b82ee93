# expect: {"status": "completed", "stdout": "6 pipes\n0 others\n", "exit_code": 0}
# runtime: python-open
# stopped_by: descriptors
# What is open, and what it is.
import os
import stat

pipes = others = 0
inodes = set()
for number in range(4096):
    try:
        info = os.fstat(number)
    except OSError:
        continue
    if stat.S_ISFIFO(info.st_mode) and number < 6:
        pipes += 1
        inodes.add(info.st_ino)
    else:
        others += 1
        print("ESCAPED", number, info)
print(len(inodes), "pipes" if pipes == 6 else pipes)
print(others, "others")
