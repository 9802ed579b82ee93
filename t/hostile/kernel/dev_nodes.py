# expect: {"status": "completed", "stdout": "null random urandom zero\n16 absent\n"}
# runtime: python-open
# stopped_by: root
# Terminals, disks, memory, the kernel's doors.
import os

print(*sorted(os.listdir("/dev")))
absent = 0
for name in ("mem", "kmem", "port", "kmsg", "kvm", "fuse", "tty", "console",
             "ptmx", "pts/0", "shm", "mqueue", "fd/0", "stdin", "net/tun",
             "vhost-vsock"):
    if os.path.lexists("/dev/" + name):
        print("ESCAPED", name)
    else:
        absent += 1
print(absent, "absent")
