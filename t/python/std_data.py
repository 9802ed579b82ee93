# expect: {"status": "completed", "stdout": "ok\n", "exit_code": 0}
# runtime: python-open
# memory_mb: 256
import bz2
import copyreg
import dbm
import dbm.dumb
import dbm.ndbm
import gzip
import io
import lzma
import marshal
import os
import pickle
import shelve
import shutil
import sqlite3
import tarfile
import zipfile
import zlib

os.chdir("/tmp")
data = bytes(range(256)) * 400

for module in zlib, gzip, bz2, lzma:
    assert module.decompress(module.compress(data)) == data
for module in gzip, bz2, lzma:
    with module.open("packed", "wb") as f:
        f.write(data)
    with module.open("packed") as f:
        assert f.read() == data
assert zlib.crc32(b"x") == 2363233923 and zlib.adler32(b"x") == 7929977

os.mkdir("d")
with open("d/a", "wb") as f:
    f.write(data)

with zipfile.ZipFile("z.zip", "w", zipfile.ZIP_DEFLATED) as z:
    z.write("d/a")
    z.writestr("b", "text")
with zipfile.ZipFile("z.zip") as z:
    assert z.testzip() is None and z.read("b") == b"text"
    z.extractall("unzipped")
for kind in "", "gz", "bz2", "xz":
    with tarfile.open("t.tar", "w:" + kind) as t:
        t.add("d")
    with tarfile.open("t.tar") as t:
        assert t.getnames() == ["d", "d/a"]
        t.extractall("untarred")
for folder in "unzipped", "untarred":
    with open(folder + "/d/a", "rb") as f:
        assert f.read() == data
for kind in "zip", "tar", "gztar", "bztar", "xztar":
    shutil.unpack_archive(shutil.make_archive("made", kind, "d"), "out-" + kind)
    assert os.listdir("out-" + kind) == ["a"]

db = sqlite3.connect(":memory:")
db.row_factory = sqlite3.Row
db.create_function("twice", 1, lambda x: 2 * x)
with db:
    db.execute("create table t (id integer primary key, name text, n real)")
    db.executemany("insert into t (name, n) values (?, ?)",
                   [(f"n{i}", i / 2) for i in range(1000)])
assert db.execute("select sum(n) from t").fetchone()[0] == 249750
assert db.execute("select twice(id) as x from t").fetchone()["x"] == 2
try:
    with db:
        db.execute("insert into t (id) values (1)")
except sqlite3.IntegrityError:
    pass
db.execute("create virtual table f using fts5 (x)")
db.execute("insert into f values ('some words')")
assert db.execute("select count(*) from f where f match 'words'").fetchone()[0]

for mode in "delete", "wal":
    file = sqlite3.connect("file.db")
    assert file.execute("pragma journal_mode=" + mode).fetchone() == (mode,)
    file.execute("create table if not exists t (x)")
    file.execute("insert into t values (1)")
    file.commit()
    other = sqlite3.connect("file.db", timeout=0)
    file.execute("begin immediate")
    try:
        other.execute("insert into t values (2)")
    except sqlite3.OperationalError as e:
        assert "locked" in str(e)
    else:
        assert False, "not locked"
    file.commit()
    file.close()
    other.close()

for module in dbm, dbm.dumb, dbm.ndbm:
    with module.open("dbm." + module.__name__, "c") as d:
        d[b"key"] = b"value"
    with module.open("dbm." + module.__name__) as d:
        assert d[b"key"] == b"value"
with shelve.open("shelf") as s:
    s["list"] = [1, {"a": 2}]
with shelve.open("shelf") as s:
    assert s["list"] == [1, {"a": 2}]


class Point:
    def __init__(self, x):
        self.x = x

    def __reduce__(self):
        return Point, (self.x,)


for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
    assert pickle.loads(pickle.dumps(Point(3), protocol)).x == 3
    assert pickle.loads(pickle.dumps(data, protocol)) == data
assert marshal.loads(marshal.dumps([1, "a"])) == [1, "a"]
copyreg.pickle(complex, lambda c: (complex, (c.real, c.imag)))
buffer = io.BytesIO()
pickle.Pickler(buffer).dump({"c": 1j})
assert pickle.loads(buffer.getvalue()) == {"c": 1j}
print("ok")
