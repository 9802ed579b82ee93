# expect: {"status": "completed", "stdout": "ok\n", "exit_code": 0}
# runtime: python-open
import errno
import filecmp
import fcntl
import fileinput
import glob
import io
import os
import pathlib
import select
import selectors
import shutil
import stat
import tempfile

tmp = pathlib.Path("/tmp")
assert not list(tmp.iterdir()) and tempfile.gettempdir() == "/tmp"
os.chdir(tmp)
assert os.getcwd() == "/tmp"

a = tmp / "a"
assert a.write_text("one\ntwo\n") == 8
with open(a, "a") as f:
    f.write("three\n")
with open(a, "r+b") as f:
    f.seek(-6, io.SEEK_END)
    assert f.read() == b"three\n"
    f.truncate(8)
    os.fsync(f)
assert a.read_text().splitlines() == ["one", "two"]
with open("x", "x") as f:
    assert f.fileno() > 2
try:
    open("x", "x")
except FileExistsError:
    pass

os.makedirs("d/e/f", exist_ok=True)
os.rename("x", "d/x")
os.replace("d/x", "d/y")
os.link("a", "linked")
os.symlink("a", "symbolic")
assert os.readlink("symbolic") == "a" and os.path.samefile("a", "linked")
assert a.stat().st_nlink == 2 and stat.S_ISLNK(os.lstat("symbolic").st_mode)
assert pathlib.Path("symbolic").resolve() == a
assert oct(a.stat().st_mode) == "0o100600"
os.chmod("a", 0o640)
assert a.stat().st_mode & 0o777 == 0o640
os.utime("a", (1, 2))
assert a.stat().st_mtime == 2
os.truncate("linked", 3)
assert a.read_bytes() == b"one"

assert sorted(glob.glob("**", recursive=True)) == [
    "a", "d", "d/e", "d/e/f", "d/y", "linked", "symbolic"]
assert [n for _, _, n in os.walk("d")] == [["y"], [], []]
assert len(list(os.fwalk("d"))) == 3
assert sorted(e.name for e in os.scandir("d") if e.is_dir()) == ["e"]
assert sorted(p.name for p in tmp.rglob("*") if p.is_file()) == [
    "a", "linked", "symbolic", "y"]

assert shutil.copy2("a", "b") == "b" and filecmp.cmp("a", "b", shallow=False)
shutil.copytree("d", "copied")
shutil.move("copied", "moved")
assert filecmp.dircmp("d", "moved").common == ["e", "y"]
shutil.rmtree("moved")
assert shutil.disk_usage("/tmp").total == 16 << 20
assert shutil.which("python3") is None
with open("a", "rb") as source, open("c", "wb") as target:
    shutil.copyfileobj(source, target)
    try:
        os.sendfile(target.fileno(), source.fileno(), 0, 3)
    except OSError as e:
        assert e.errno == errno.ENOSYS
with fileinput.input(["a", "b"]) as lines:
    assert list(lines) == ["one", "one"]
os.removedirs("d/e/f")
os.unlink("symbolic")
(tmp / "linked").unlink()

with tempfile.TemporaryDirectory() as d, \
        tempfile.NamedTemporaryFile("w+", dir=d) as named, \
        tempfile.TemporaryFile() as unnamed, \
        tempfile.SpooledTemporaryFile(4) as spooled:
    named.write("x")
    named.flush()
    assert open(named.name).read() == "x"
    unnamed.write(b"x" * 100000)
    spooled.write(b"x" * 100)
assert not os.path.exists(d)

with open("a", "r+") as f:
    fcntl.lockf(f, fcntl.LOCK_EX | fcntl.LOCK_NB)

# The end of the room is an error like any other.
try:
    with open("large", "wb") as f:
        for _ in range(64):
            f.write(b"x" * (1 << 20))
except OSError as e:
    assert e.errno in (27, 28), e
os.unlink("large")
assert (tmp / "again").write_bytes(b"x" * (1 << 20))

# The standard library can be read, and nothing of it written.
assert len(os.listdir("/usr/lib/python3.11")) > 100
assert os.listdir("/dev") and open("/dev/zero", "rb").read(2) == b"\0\0"
assert len(open("/dev/urandom", "rb").read(4)) == 4
assert open("/dev/null", "w").write("x") == 1
assert os.statvfs("/tmp").f_bsize and os.access("/usr", os.R_OK)
assert not os.access("/usr", os.W_OK)

r, w = os.pipe()
os.set_blocking(r, False)
try:
    os.read(r, 1)
except BlockingIOError:
    pass
for kind in (selectors.SelectSelector, selectors.PollSelector,
             selectors.EpollSelector, selectors.DefaultSelector):
    with kind() as selector:
        selector.register(r, selectors.EVENT_READ)
        selector.register(w, selectors.EVENT_WRITE, "w")
        assert [k.data for k, _ in selector.select(1)] == ["w"]
assert select.select([r], [], [], 0) == ([], [], [])
copy = os.dup(w)
os.dup2(w, 100)
os.writev(100, [b"a", b"b"])
assert os.read(r, 9) == b"ab" and not os.isatty(r)
print("ok")
