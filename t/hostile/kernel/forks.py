# expect: {"status": "completed", "stdout": "fork EPERM\nforkpty ENOENT\nvfork EPERM\nclone EPERM\nposix_spawn EPERM\nsubprocess EPERM\nsystem 32512\nmultiprocessing EPERM\n"}
# runtime: python-open
# stopped_by: seccomp
# All ways to another process.
import ctypes
import errno
import multiprocessing
import os
import subprocess

libc = ctypes.CDLL(None, use_errno=True)


def vfork():
    # with CLONE_SIGHAND alone, which is no process
    if libc.syscall(ctypes.c_long(56), ctypes.c_long(0x4800)) == -1:
        raise OSError(ctypes.get_errno(), "")


def fork():
    if os.fork() == 0:
        os._exit(0)
    os.wait()


def forkpty():
    if os.forkpty()[0] == 0:
        os._exit(0)


def clone():
    if libc.syscall(ctypes.c_long(56), ctypes.c_long(0x800)) == -1:
        raise OSError(ctypes.get_errno(), "")


def posix_spawn():
    os.posix_spawn("/zygote", ["zygote"], {})


def popen():
    subprocess.run(["/zygote"])


def process():
    multiprocessing.get_context("fork").Process(target=print).start()


for name, way in (("fork", fork), ("forkpty", forkpty), ("vfork", vfork),
                  ("clone", clone), ("posix_spawn", posix_spawn),
                  ("subprocess", popen),
                  ("system", lambda: os.system("exit 0")),
                  ("multiprocessing", process)):
    try:
        print(name, way())
    except OSError as e:
        print(name, errno.errorcode[e.errno])
